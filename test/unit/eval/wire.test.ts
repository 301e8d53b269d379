import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnreadableFile } from '../../eval/report.ts';
import { evalWire } from '../../eval/wire.ts';

interface Said {
  readonly name: string;
  readonly events: {
    readonly text: string;
    readonly toolCalls: readonly { name: string }[];
    readonly reasoning: string;
  };
  readonly end: string;
  readonly error?: string;
  readonly clean: boolean;
  readonly why?: readonly string[];
}

const chat = [
  { choices: [{ delta: { reasoning_content: 'Hm.' } }] },
  { choices: [{ delta: { content: 'Ünï' } }] },
  { choices: [{ delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }] } }] },
  { choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 2 } },
];
const sse = (values: readonly object[]) => values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('');

describe('the harness of recordings', function () {
  this.timeout(60_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dursor-wire-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(rows: readonly unknown[], files: Readonly<Record<string, string>>): void {
    writeFileSync(join(folder, 'MANIFEST.json'), JSON.stringify(rows));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }

  async function run() {
    const said: Said[] = [];
    const report = await evalWire(folder, (row) => said.push(row as Said));
    return { report, said };
  }

  it('says what came out of each row, and that it was all of it', async () => {
    put(
      [
        { provider: 'openai-compatible', name: 'call', status: 200, response: 'a.sse' },
        { provider: 'openai-chat', name: 'limit', status: 429, response: 'b.json', headers: { 'retry-after': ['2'] } },
      ],
      { 'a.sse': sse(chat), 'b.json': '{"error":{"message":"Slow down."}}' },
    );
    const { report, said } = await run();
    assert.deepEqual(report, { rows: 2, clean: 2, crashed: 0, lost: 0 }, JSON.stringify(said));
    assert.deepEqual(said[0]?.events, {
      text: 'Ünï',
      toolCalls: [{ id: 'a', name: 'f', arguments: '{"x":1}' }],
      reasoning: 'Hm.',
    });
    assert.deepEqual([said[0]?.end, said[1]?.end, said[1]?.error], ['tool-calls', 'error', 'rate-limited']);
  });

  it('reports rows that can not be played', async () => {
    const answer = { provider: 'openai-chat', name: 'n', status: 200 };
    put(
      [
        null,
        { ...answer, provider: 'nobody', response: 'a.sse' },
        { ...answer, provider: 'constructor', response: 'a.sse' },
        { ...answer, response: 'gone.sse' },
        { ...answer, response: '../a.sse' },
        { ...answer, response: 'a.sse', status: 'ok' },
      ],
      { 'a.sse': sse(chat) },
    );
    const { report, said } = await run();
    assert.deepEqual(report, { rows: 6, clean: 0, crashed: 0, lost: 0 });
    assert.match(
      said.map((row) => row.why?.[0]).join('\n'),
      /Unknown provider "nobody".*\n.*constructor.*\n.*gone\.sse.*\n/,
    );
  });

  it('tells when something is lost, or ends otherwise than it should', async () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
    const completed = { type: 'response.completed', response: { status: 'completed' } };
    put(
      [
        // The adapter leaves out what says itself that it is unfinished; the reader counts it.
        { provider: 'openai-responses', name: 'lost', status: 200, response: 'lost.sse' },
        { provider: 'openai-chat', name: 'odd status', status: 401, response: 'odd.json' },
      ],
      {
        'lost.sse': sse([{ type: 'response.output_item.done', item: { ...call, status: 'incomplete' } }, completed]),
        'odd.json': '{"error":{"code":"context_length_exceeded"}}',
      },
    );
    const { report, said } = await run();
    assert.deepEqual(report, { rows: 2, clean: 0, crashed: 0, lost: 1 });
    assert.deepEqual(said[0]?.why?.[0], '0 of 1 tool calls came out.');
    assert.match(said[1]?.why?.[0] ?? '', /context-too-long and not authentication/);
  });

  it('wants a folder with a manifest', async () => {
    await assert.rejects(run(), UnreadableFile);
  });

  it('prints a line for each row, and last the sums', () => {
    put([{ provider: 'openai-chat', name: 'call', status: 200, response: 'a.sse' }], { 'a.sse': sse(chat) });
    const script = join(import.meta.dirname, '../../eval/eval.ts');
    const { stdout, status } = spawnSync(process.execPath, [script, 'wire', folder, '--json'], { encoding: 'utf8' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([status, lines.length, lines[0].name], [0, 2, 'call']);
    assert.deepEqual(lines.at(-1), { rows: 1, clean: 1, crashed: 0, lost: 0 });
    assert.equal(spawnSync(process.execPath, [script, 'wire', '/nowhere']).status, 2);
  });
});
