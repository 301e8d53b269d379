import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelProfile, ProfileId, RoundId } from '../../src/core/domain.ts';
import { Engine } from '../../src/core/engine.ts';
import { createProvider } from '../../src/core/providers/createProvider.ts';
import { testSettings } from '../support/testEngine.ts';

/** The real engine with the real OpenAI adapter, on a temporary repository, against a local HTTP server. */
export class BenchEngine {
  readonly root = mkdtempSync(join(tmpdir(), 'dursor-bench-'));
  readonly folder = join(this.root, 'folder');
  readonly #server: Server;
  readonly engine: Engine;

  constructor(server: Server) {
    this.#server = server;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const ignore = () => {};
    mkdirSync(this.folder);
    this.engine = new Engine({
      log: { debug: ignore, info: ignore, warn: ignore, error: (line) => console.error(line) },
      storageDirectory: join(this.root, 'storage'),
      settings: () => ({
        maxParallelRuns: 64,
        limits: { maxSteps: 20, maxSeconds: 300, maxToolOutput: 30_000, stallSeconds: 120 },
        forbiddenPaths: [],
        maxFileBytes: 2 * 1024 * 1024,
        baseUrls: { openai: url },
        gitHubApiUrl: testSettings.gitHubApiUrl,
        gitHub: testSettings.gitHub,
        storage: { keepDays: 90, maxSize: 5000 },
        copies: { include: [], includeBy: 'copy' },
        compare: { ignoreFormatting: false },
        evidence: testSettings.evidence,
      }),
      checkConsents: { read: () => [], write: async () => {} },
      profiles: () => [],
      apiKey: async () => 'bench',
      unsavedTexts: () => [],
      gitHubAuth: async () => ({ type: 'token', token: async () => '' }),
      createProvider,
    });
  }

  /** `answer` is called when a model request has arrived, and says how long to wait before the answer begins, in milliseconds. */
  static async create(answer: () => number): Promise<BenchEngine> {
    const server = createServer((request, response) => {
      const delay = answer();
      request.resume();
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(finishStream());
      }, delay);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BenchEngine(server);
  }

  start(runs: number): RoundId {
    const profiles = Array.from(
      { length: runs },
      (_value, index): ModelProfile => ({
        id: `m${index}` as ProfileId,
        provider: 'openai',
        model: `m${index}`,
        label: `M${index}`,
        options: {},
      }),
    );
    return this.engine.startRound({ folder: this.folder, message: 'Go', profiles, start: { from: 'workspace' } })
      .roundId;
  }

  /** Waits until all runs of a round ended, and throws when one did not succeed. */
  async ended(roundId: RoundId): Promise<void> {
    for (;;) {
      const { runs } = this.engine.round(roundId).round;
      const bad = runs.find((run) => run.state.status === 'failed');
      if (bad) throw new Error(JSON.stringify(bad.state));
      if (runs.every((run) => run.state.status === 'succeeded')) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async dispose(): Promise<void> {
    await this.engine.dispose();
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** An answer of OpenAI's Responses API that calls `finish`; the shape is that of the API reference's streaming events. */
function finishStream(): string {
  const item = {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'finish',
    arguments: '{"summary":"Done."}',
    status: 'completed',
  };
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  };
  const response = { id: 'resp_1', object: 'response', status: 'completed', output: [item], usage };
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '', status: 'in_progress' } },
    { type: 'response.function_call_arguments.done', output_index: 0, item_id: 'fc_1', arguments: item.arguments },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response },
  ];
  return events
    .map((event, index) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`)
    .join('');
}
