import { AccountGate } from '../../../src/core/agent/accountGate.ts';
import { askWithRetries } from '../../../src/core/agent/retry.ts';
import { withTextTools } from '../../../src/core/agent/textProtocol/textTools.ts';
import type {
  CandidateId,
  FileChange,
  FileVersion,
  ModelProfile,
  ObjectName,
  ProfileId,
} from '../../../src/core/domain.ts';
import {
  type ReviewedCandidate,
  type ReviewMaterial,
  readCandidates,
} from '../../../src/core/evidence/review/readCandidates.ts';
import {
  type ConnectedReviewer,
  type ReviewInput,
  type ReviewOutcome,
  type ReviewPorts,
  reviewCandidates,
} from '../../../src/core/evidence/review/reviewCandidates.ts';
import type { ReviewProgress } from '../../../src/core/evidence.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../../src/core/providers/provider.ts';
import { FakeClock } from '../agent/support/fakeClock.ts';
import { answer, call, type Script, ScriptedProvider } from '../agent/support/scriptedProvider.ts';

export const candidateId = (name: string) => name as CandidateId;

export function profileOf(name: string, options: ModelProfile['options'] = {}): ModelProfile {
  return { id: name as ProfileId, provider: 'openai', model: `${name}-model`, label: `Reviewer ${name}`, options };
}

/** A folder's texts by path. Null: there is no such file. */
export type Texts = Readonly<Record<string, string | Uint8Array | null>>;

/** A candidate that makes these of the base's files; a blob's name is its content. */
export function candidateOf(name: string, base: Texts, after: Texts): ReviewedCandidate {
  const versionOf = (path: string, content: string | Uint8Array): FileVersion => ({
    path,
    mode: '100644',
    blob: Buffer.from(content).toString('hex') as ObjectName,
  });
  const changes = Object.entries(after).map(([path, content]): FileChange => {
    const before = base[path] ?? undefined;
    const kind = before === undefined ? 'added' : content === null ? 'deleted' : 'modified';
    return {
      kind,
      ...(before !== undefined && { base: versionOf(path, before) }),
      ...(content !== null && { after: versionOf(path, content) }),
    };
  });
  return { id: candidateId(name), changes };
}

export const readBlob: ReviewPorts['readBlob'] = async (blob) => Buffer.from(blob, 'hex');

/** Candidates that make these of the base's files, read without hiding anything. */
export async function materialOf(base: Texts, ...candidates: readonly Texts[]): Promise<ReviewMaterial> {
  const reading = { readBlob, hide: async (text: string) => text, signal: new AbortController().signal };
  return readCandidates(
    candidates.map((after, index) => candidateOf(`candidate-${index}`, base, after)),
    reading,
  );
}

/** What a reviewer says of a candidate that it knows by something that the candidate's text has. */
export interface Opinion {
  readonly findings?: readonly { path: string; line: number; severity?: string; reason?: string }[];
  readonly wouldMerge?: boolean;
}

/** The aliases in the order of the request, each with what is shown of its candidate. */
export function shownIn(request: ModelRequest): ReadonlyMap<string, string> {
  const first = request.turns[0];
  const text = first?.role === 'user' ? first.text : '';
  const sections = text.split(/^Candidate (\w+):\n\n/m).slice(1);
  return new Map(
    sections.flatMap((alias, index) => (index % 2 === 0 ? [[alias, sections[index + 1] ?? ''] as const] : [])),
  );
}

/** The arguments of a sound review: by the aliases, and whatever `opine` says of what is shown. */
export function reviewFor(
  request: ModelRequest,
  opine: (shown: string) => Opinion = () => ({}),
  prefer: (first: string, second: string) => 'first' | 'second' | 'neither' = () => 'first',
) {
  const shown = [...shownIn(request)];
  const opinions = shown.map(([alias, text]) => ({ alias, ...opine(text) }));
  return {
    candidates: opinions.map(({ alias, findings = [], wouldMerge = true }) => ({
      candidate: alias,
      findings: findings.map((each) => ({ severity: 'major', reason: 'It is wrong.', ...each })),
      does_what_was_asked: true,
      is_complete: true,
      stays_in_scope: true,
      would_merge: wouldMerge,
    })),
    preferences: shown.flatMap(([first, a], index) =>
      shown.slice(index + 1).map(([second, b]) => {
        const preferred = { first, second, neither: 'neither' }[prefer(a, b)];
        return { first, second, preferred };
      }),
    ),
    none_is_mergeable: opinions.every(({ wouldMerge = true }) => !wouldMerge),
  };
}

/** Answers each request with what is made of it. */
export class AnsweringProvider extends ScriptedProvider {
  readonly #answerTo: (request: ModelRequest, index: number) => readonly ModelEvent[] | Script;

  constructor(answerTo: (request: ModelRequest, index: number) => readonly ModelEvent[] | Script) {
    super();
    this.#answerTo = answerTo;
  }

  override async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    this.requests.push(request);
    const script = this.#answerTo(request, this.requests.length - 1);
    yield* typeof script === 'function' ? script(signal) : script;
  }
}

/** An answer that hands in a review. */
export function submits(review: unknown): ModelEvent[] {
  return answer('', [call('submit_review', review)]);
}

/** A reviewer that is asked as the engine asks. */
export function connected(provider: Provider, contextTokens?: number, clock = new FakeClock()): ConnectedReviewer {
  const gate = new AccountGate();
  return {
    ask: (request, { signal, emit }) =>
      askWithRetries(request, {
        provider,
        gate,
        reading: { clock, stallSeconds: 60, signal, onText: () => {} },
        emit,
      }),
    ...(contextTokens !== undefined && { contextTokens }),
  };
}

export const inText = (provider: Provider) => withTextTools(provider);

/** Carries out a review. */
export async function review(
  input: Partial<ReviewInput> & Pick<ReviewInput, 'candidates'>,
  connect: ReviewPorts['connect'],
  signal = new AbortController().signal,
): Promise<ReviewOutcome & { readonly progress: readonly ReviewProgress[]; readonly logged: readonly string[] }> {
  const progress: ReviewProgress[] = [];
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const outcome = await reviewCandidates(
    {
      instruction: 'Make the sum right.',
      reviewers: [profileOf('one')],
      names: [],
      seed: 'seed',
      markerKey: 'key',
      ...input,
    },
    {
      readBlob,
      connect,
      log: { debug: note, info: note, warn: note, error: note },
      onProgress: (each) => void progress.push(each),
    },
    signal,
  );
  return { ...outcome, progress, logged };
}
