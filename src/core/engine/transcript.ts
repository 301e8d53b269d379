import {
  pathOf,
  placeOf,
  type Round,
  type Run,
  type RunState,
  type Step,
  type Task,
  type TokenUsage,
} from '../domain.ts';
import { providerNames } from '../providerId.ts';

/** What a transcript is made of. */
export interface TranscriptSource {
  readonly task: Pick<Task, 'title' | 'scope'>;
  readonly round: Pick<Round, 'message' | 'createdAt'>;
  readonly run: Run;
}

/**
 * A run as a Markdown document for people. What a person, a model or a repository wrote stands in code blocks and code
 * spans that it can't close, so the document's headings, lists and links are all its own.
 */
export function transcript({ task, round, run }: TranscriptSource): string {
  const { profile, state } = run;
  const blocks = [
    `# Run of ${code(profile.label)}`,
    lines([
      `- Task: ${code(task.title)}${task.scope === undefined ? '' : ` in ${code(task.scope)}`}`,
      `- Model: ${code(profile.model)} ${servedBy(profile)}`,
      `- Sent: ${time(round.createdAt)}`,
      `- State: ${stateText(state)}`,
      `- Tokens: ${usageText(run.usage)}`,
      ...(run.secretsWithheld ? [`- Secrets kept from the model: ${run.secretsWithheld}`] : []),
    ]),
    '## Instruction',
    fenced(round.message),
    '## Steps',
    ...(run.steps.length === 0 ? ['None.'] : run.steps.map(stepText)),
    ...resultBlocks(run),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function resultBlocks(run: Run): readonly string[] {
  const { state, changes, unfounded = [], secretsInPatch = [] } = run;
  return [
    ...(state.status === 'succeeded' && state.summary.trim() ? ['## Summary', fenced(state.summary)] : []),
    ...(unfounded.length > 0
      ? [
          'The summary claims changes to these files, but the patch has none:',
          lines(unfounded.map((path) => `- ${code(path)}`)),
        ]
      : []),
    ...(state.status === 'failed'
      ? ['## Problem', fenced(state.problem.message), `Code: ${code(state.problem.code)}`]
      : []),
    '## Changed Files',
    changes.length === 0
      ? 'None.'
      : lines(
          changes.map((change) => {
            const counts = change.lines ? `, +${change.lines.added} −${change.lines.removed}` : '';
            return `- ${code(pathOf(change))}: ${change.kind}${counts}`;
          }),
        ),
    ...(secretsInPatch.length > 0
      ? ['The patch adds secrets:', lines(secretsInPatch.map((secret) => `- ${code(placeOf(secret))}`))]
      : []),
  ];
}

function stepText(step: Step): string {
  switch (step.type) {
    case 'text':
      return fenced(step.text);
    case 'tool':
      return `- ${code(step.tool)} ${code(step.target)}: ${step.outcome}${step.detail ? `, ${code(step.detail)}` : ''}`;
    case 'waiting':
      return `- waited until ${time(step.until)}: ${code(step.reason)}`;
    default:
      return step satisfies never;
  }
}

function stateText(state: RunState): string {
  switch (state.status) {
    case 'queued':
      return 'queued';
    case 'running':
      return `running since ${time(state.startedAt)}, step ${state.step}`;
    default: {
      const { status, startedAt, endedAt } = state;
      const why = state.status === 'canceled' && state.reason ? `: ${state.reason}` : '';
      if (startedAt === undefined) return `${status}${why}`;
      const seconds = Math.round((endedAt - startedAt) / 1000);
      return `${status} after ${seconds === 0 ? 'less than 1' : seconds} s${why}`;
    }
  }
}

/** Who serves the model. Of an address only the host, since some have a key in the rest. */
function servedBy({ provider, baseUrl }: Run['profile']): string {
  const host = URL.parse(baseUrl ?? '')?.host;
  return host ? `at ${code(host)}` : `of ${providerNames[provider]}`;
}

function usageText({ input, cachedInput, cacheWrite, output, reasoning }: TokenUsage): string {
  if (input + output === 0) return 'unknown';
  const ofInput = [
    ...(cachedInput > 0 ? [`${count(cachedInput)} read from the cache`] : []),
    ...(cacheWrite ? [`${count(cacheWrite)} written to it`] : []),
  ];
  const thought = reasoning > 0 ? ` (${count(reasoning)} of them reasoning)` : '';
  return `${count(input)} in${ofInput.length > 0 ? ` (${ofInput.join(', ')})` : ''}, ${count(output)} out${thought}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function time(timestamp: number): string {
  return new Date(timestamp).toISOString().replace(/T(.+)\..+/, ' $1 UTC');
}

function lines(items: readonly string[]): string {
  return items.join('\n');
}

/** A code block that holds the text whole: its fence is longer than any run of back-ticks in it. */
function fenced(text: string): string {
  const fence = ticks(text, 3);
  return `${fence}text\n${visible(text.trim())}\n${fence}`;
}

/** A code span in one line; with nothing in it, the word "nothing", which no span is. */
function code(text: string): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  if (line === '') return 'nothing';
  const mark = ticks(line, 1);
  return mark === '`' ? `\`${line}\`` : `${mark} ${line} ${mark}`;
}

function ticks(text: string, least: number): string {
  const runs = text.match(/`+/g) ?? [];
  return '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), least));
}

/** The text with its line ends plain, and with names for the characters that would hide or turn round what follows them. */
function visible(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(
      /(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    );
}
