import type { FileChange, Run, Timestamp, TokenUsage } from '../../src/core/domain.ts';
import type { Cost } from '../../src/core/modelFacts/price.ts';

/** Tokens in and out as a short figure: "812 tokens", "6.1k tokens", "1.2M tokens"; empty for none. */
export function tokensText(usage: TokenUsage): string {
  const count = usage.input + usage.output;
  if (count === 0) return '';
  return count === 1 ? '1 token' : `${shortCount(count)} tokens`;
}

/** A count as a short figure: "812", "6.1k", "1.2M". */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_500) return `${shortNumber(count / 1000)}k`;
  return `${shortNumber(count / 1_000_000)}M`;
}

/** What something cost: "$0.04", "from $1.20" where it may be more, "local" for a server of one's own, or "price unknown". */
export function costText(cost: Cost | undefined): string {
  if (cost === undefined) return 'price unknown';
  if (cost === 'local') return 'local';
  if (cost.dollars === 0) return 'free';
  const amount = cost.dollars < 0.01 ? '<$0.01' : `$${cost.dollars.toFixed(2)}`;
  return cost.isLeast ? `from ${amount}` : amount;
}

function shortNumber(value: number): string {
  return value < 99.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
}

/** A length of time: "48 s", "1 min 12 s", "1 h 3 min". */
export function durationText(seconds: number): string {
  if (seconds > 0 && seconds < 1) return '<1 s';
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
}

/** How long a run has worked, in seconds; absent when it never started. */
export function secondsOf(run: Pick<Run, 'state'>, now: Timestamp): number | undefined {
  const { state } = run;
  if (state.status === 'queued' || state.startedAt === undefined) return undefined;
  return Math.max(0, (state.status === 'running' ? now : state.endedAt) - state.startedAt) / 1000;
}

/** How long ago, roughly: "just now", "5 min ago", "3 h ago", "2 days ago", then the date. */
export function agoText(then: Timestamp, now: Timestamp): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  if (days < 14) return days === 1 ? 'yesterday' : `${days} days ago`;
  return new Date(then).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/** Lines added and removed over all files; binary files count none. */
export function sumLines(changes: readonly FileChange[]): { readonly added: number; readonly removed: number } {
  let added = 0;
  let removed = 0;
  for (const { lines } of changes) {
    added += lines?.added ?? 0;
    removed += lines?.removed ?? 0;
  }
  return { added, removed };
}

/** A number with its noun: "1 file", "5 files". */
export function countText(count: number, noun: string): string {
  return `${fullCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A count in full: "812", "12,345". Small ones go without the locale, which takes a while to be loaded. */
export function fullCount(count: number): string {
  return count < 1000 ? String(count) : count.toLocaleString('en-US');
}
