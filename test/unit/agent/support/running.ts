import { AccountGate } from '../../../../src/core/agent/accountGate.ts';
import { type AgentInput, type AgentLimits, type AgentOutcome, runAgent } from '../../../../src/core/agent/agent.ts';
import { type ModelProfile, type ProfileId, pathOf, type RunEvent } from '../../../../src/core/domain.ts';
import type { Provider } from '../../../../src/core/providers/provider.ts';
import { FakeClock } from './fakeClock.ts';
import { MemoryCopy } from './memoryCopy.ts';

export const limits: AgentLimits = { maxSteps: 20, maxSeconds: 3600, maxToolOutput: 10_000, stallSeconds: 120 };

const profile: ModelProfile = {
  id: 'profile-1' as ProfileId,
  provider: 'openai',
  model: 'model-1',
  label: 'Model One',
  options: { maxOutputTokens: 1000 },
};

/** What a run did: its events as lines, and its end. */
export interface Transcript {
  readonly lines: readonly string[];
  readonly events: readonly RunEvent[];
  readonly outcome: AgentOutcome;
  readonly copy: MemoryCopy;
  readonly clock: FakeClock;
}

export interface RunOptions extends Partial<Omit<AgentInput, 'limits' | 'copy' | 'clock'>> {
  readonly copy?: MemoryCopy;
  readonly limits?: Partial<AgentLimits>;
  readonly controller?: AbortController;
  readonly onClock?: (clock: FakeClock) => void;
  readonly onEvent?: (event: RunEvent, controller: AbortController) => void;
}

/** Runs the agent on a fake clock and keeps what it tells. */
export async function run(provider: Provider, options: RunOptions = {}): Promise<Transcript> {
  const { copy = new MemoryCopy(), controller = new AbortController(), onEvent, onClock, ...rest } = options;
  const clock = new FakeClock();
  onClock?.(clock);
  const events: RunEvent[] = [];
  const input: AgentInput = {
    instruction: 'Do it.',
    conversation: [],
    gate: new AccountGate(),
    folderName: 'shop',
    markerKey: 'key',
    profile,
    ...rest,
    provider,
    copy,
    clock,
    limits: { ...limits, ...options.limits },
  };
  const emit = (event: RunEvent) => {
    events.push(event);
    onEvent?.(event, controller);
  };
  const outcome = await runAgent(input, emit, controller.signal);
  return { lines: events.map(lineOf), events, outcome, copy, clock };
}

/** An event as a line. */
function lineOf(event: RunEvent): string {
  switch (event.type) {
    case 'step-started':
      return `step ${event.step}`;
    case 'text':
      return `text ${event.text}`;
    case 'tool-started':
      return `> ${event.tool} ${event.target}`.trimEnd();
    case 'tool-ended':
      return `< ${event.outcome}: ${event.detail}`;
    case 'usage':
      return `usage ${event.usage.input}/${event.usage.output}`;
    case 'waiting':
      return `waiting until ${event.until}: ${event.reason}`;
    case 'changes':
      return `changes ${event.changes.map((change) => `${change.kind} ${pathOf(change)}`).join(', ')}`;
    case 'secrets-withheld':
      return `secrets withheld: ${event.count}`;
    default:
      return event satisfies never;
  }
}
