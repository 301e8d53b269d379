import { isEnded, type RoundId, type Run } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { RoundEvidence } from '../core/evidence.ts';
import { plain, type Terminal } from './terminal.ts';

const lookMs = 50;

/** Resolves when every run of a round has ended. When aborted, it cancels them first and then rejects. */
export async function roundEnded(
  engine: Engine,
  id: RoundId,
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<readonly Run[]> {
  const told = new Map<string, string>();
  const runs = () => engine.round(id).round.runs;
  const tell = () => {
    for (const run of runs()) {
      const news = stageOf(run);
      if (told.get(run.id) === news) continue;
      told.set(run.id, news);
      terminal.err(`${plain(run.profile.label)}: ${news}`);
    }
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    tell();
    if (runs().every(isEnded)) resolve();
  };
  const listening = engine.onDidChange(look);
  const cancel = () => void engine.cancelRound(id).then(look);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  look();
  await promise;
  listening.dispose();
  signal.removeEventListener('abort', cancel);
  signal.throwIfAborted();
  return runs();
}

function stageOf({ state, steps }: Run): string {
  switch (state.status) {
    case 'queued':
      return 'waits';
    case 'running': {
      const last = steps.findLast(({ type }) => type !== 'text');
      if (last?.type === 'tool')
        return plain(`${last.tool} ${last.target} ${last.outcome} ${last.detail}`).slice(0, 200);
      return last?.type === 'waiting' ? plain(last.reason) : 'works';
    }
    case 'succeeded':
      return 'is done';
    case 'failed':
      return `failed: ${plain(state.problem.message)}`;
    case 'canceled':
      return 'was canceled';
    default:
      return state satisfies never;
  }
}

/** Runs the checks on the base and on all candidates; resolves when they have ended. */
export async function checked(
  engine: Engine,
  id: RoundId,
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<RoundEvidence> {
  const cancel = () => engine.evidence.cancelChecks(id);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    terminal.err('Running the checks');
    await engine.evidence.runChecks(id);
    await until(() => !engine.evidence.of(id).isChecking, signal);
    await engine.evidence.ready(id);
    return engine.evidence.of(id);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function until(condition: () => boolean, signal: AbortSignal): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    signal.throwIfAborted();
    if (condition()) return;
  }
}
