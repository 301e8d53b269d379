import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ModelProfile, ProfileId, RoundId } from '../../src/core/domain.ts';
import type { EngineHost, EngineSettings } from '../../src/core/engine/engineHost.ts';
import { Engine } from '../../src/core/engine.ts';
import type { ModelEvent, ModelRequest, Provider } from '../../src/core/providers/provider.ts';

/** What a scripted model does with a request: yield events; the end is added. */
export type Script = (request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent> | Iterable<ModelEvent>;

/** The settings of a test's engine; its limits are those of a test. */
export const testSettings: EngineSettings = {
  maxParallelRuns: 4,
  limits: { maxSteps: 10, maxSeconds: 30, maxToolOutput: 10_000, stallSeconds: 10 },
  forbiddenPaths: [],
  maxFileBytes: 2 * 1024 * 1024,
  baseUrls: {},
  gitHubApiUrl: 'https://api.github.com',
  gitHub: {
    branchName: 'dursor/${slug}-${shortId}',
    draft: false,
    reviewers: [],
    labels: [],
    assignees: [],
    commitAuthor: 'git',
    coAuthoredBy: '',
    pushVerified: false,
  },
  storage: { keepDays: 90, maxSize: 5000 },
  copies: { include: ['node_modules'], includeBy: 'copy' },
  compare: { ignoreFormatting: false },
  evidence: {
    checks: [],
    sandbox: 'auto',
    sandboxImage: '',
    parallelChecks: 2,
    checksWhenDone: false,
    reviewWhenDone: false,
    reviewers: [],
    agentChecks: false,
    stopWhenVerified: false,
    cheapFirst: false,
  },
};

/** A folder, a storage and an engine on them, all temporary. */
export class TestEngine {
  readonly root = mkdtempSync(join(tmpdir(), 'dursor-engine-'));
  readonly folder = join(this.root, 'folder');
  readonly storage = join(this.root, 'storage');
  readonly log: string[] = [];
  readonly host: EngineHost;
  engine: Engine;

  constructor(scripts: Record<string, Script>, more: Partial<EngineHost> = {}) {
    mkdirSync(this.folder);
    this.write('README.md', '# Sample\n');
    const say = (line: string) => void this.log.push(line);
    let consents: readonly string[] = [];
    this.host = {
      log: { debug: say, info: say, warn: say, error: say },
      storageDirectory: this.storage,
      settings: () => testSettings,
      checkConsents: {
        read: () => consents,
        write: async (agreed) => {
          consents = agreed;
        },
      },
      profiles: () => Object.keys(scripts).map(profileOf),
      apiKey: async () => 'key',
      unsavedTexts: () => [],
      gitHubAuth: async () => ({ type: 'token', token: async () => 'token' }),
      createProvider: async () => scripted(scripts),
      ...more,
    };
    this.engine = new Engine(this.host);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  /** Starts a round on these models and waits until it ended. */
  async round(message: string, models: readonly string[], more: object = {}): Promise<RoundId> {
    const { roundId } = this.start(message, models, more);
    await this.ended(roundId);
    return roundId;
  }

  start(message: string, models: readonly string[], more: object = {}) {
    return this.engine.startRound({
      folder: this.folder,
      message,
      profiles: models.map(profileOf),
      start: { from: 'workspace' },
      ...more,
    });
  }

  async ended(roundId: RoundId, patience?: number): Promise<void> {
    await this.until(
      () => this.engine.round(roundId).round.runs.every((run) => !['queued', 'running'].includes(run.state.status)),
      patience,
    );
  }

  /** `patience` in milliseconds. */
  async until(condition: () => boolean, patience = 20_000): Promise<void> {
    for (let waited = 0; !condition(); waited += 10) {
      if (waited > patience) throw new Error(`It did not happen.\n${this.log.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  runs(roundId: RoundId) {
    return this.engine.round(roundId).round.runs;
  }

  async dispose(): Promise<void> {
    await this.engine.dispose();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function profileOf(model: string): ModelProfile {
  return { id: model as ProfileId, provider: 'openai', model, label: model.toUpperCase(), options: {} };
}

function scripted(scripts: Record<string, Script>): Provider {
  return {
    async *stream(request, signal) {
      const script = scripts[request.model];
      if (!script) throw new Error(`No script for ${request.model}`);
      let calls = 0;
      for await (const event of script(request, signal)) {
        if (event.type === 'tool-call') calls++;
        yield event;
        if (event.type === 'end') return;
      }
      const usage = { input: 100, cachedInput: 50, output: 10, reasoning: 0 };
      if (signal.aborted) yield { type: 'end', reason: 'aborted', usage };
      else yield { type: 'end', reason: calls > 0 ? 'tool-calls' : 'stop', usage };
    },
    listModels: async () => [],
  };
}

let callNumber = 0;

/** A model's tool call. */
export function call(name: string, args: object): ModelEvent {
  return { type: 'tool-call', call: { id: `call-${++callNumber}`, name, arguments: JSON.stringify(args) } };
}

/** A model that writes one file and finishes. */
export function writer(path: string, content: string, summary = 'Done.'): Script {
  return function* (request) {
    const isFirst = !request.turns.some((turn) => turn.role === 'tool');
    if (isFirst) {
      yield { type: 'text', text: 'Writing.' };
      yield call('write_file', { path, content });
    } else {
      yield call('finish', { summary });
    }
  };
}

/** A model that says something and then never goes on, until it is aborted. */
export const hanging: Script = async function* (_request, signal) {
  yield { type: 'text', text: 'Thinking' };
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
};
