import assert from 'node:assert/strict';
import type { CompositionId, ObjectName, ProfileId, RoundId, RunId, TaskId } from '../../../src/core/domain.ts';
import { type ExportSource, exportRun } from '../../../src/core/engine/runExport.ts';

// Put together here, so that no scanner takes this file for a leak.
const token = `ghp_${'1a2B3c4D5e6F7g8H9i0J1k2L3m4N5o6P7q8R'}`;
const key = 'own-key-of-a-gateway';
const folder = '/srv/code/shop';

function source(change: Partial<ExportSource> = {}): ExportSource {
  const run: ExportSource['run'] = {
    id: 'r' as RunId,
    taskId: 't' as TaskId,
    roundId: 'o' as RoundId,
    profile: {
      id: 'p' as ProfileId,
      provider: 'openai-compatible',
      model: 'm',
      label: 'M',
      baseUrl: `https://gateway.example/v1?token=${key}`,
      options: { toolCalls: 'text' },
    },
    state: {
      status: 'failed',
      startedAt: 1,
      endedAt: 2,
      problem: { code: 'bad-request', message: 'No.', detail: `Authorization: Bearer ${key}` },
    },
    steps: [
      { type: 'text', text: `I saw ${token} in ${folder}/src/a.ts` },
      { type: 'tool', callId: '1', tool: 'search', target: 'token', outcome: 'ok', detail: '1 match' },
    ],
    usage: { input: 1, cachedInput: 0, output: 1, reasoning: 0 },
    changes: [],
  };
  const round: ExportSource['round'] = {
    id: 'o' as RoundId,
    taskId: 't' as TaskId,
    message: `Fix ${folder}/src/a.ts, not /home/somebody/b.ts or C:\\Users\\somebody\\c.ts`,
    createdAt: 0,
    start: { from: 'workspace' },
    snapshot: {
      tree: 'abc' as ObjectName,
      folder,
      prefix: '',
      gitDir: `${folder}/.git`,
      unsaved: [],
      leftOut: ['.env'],
      takenAt: 0,
    },
    runs: [run, { ...run, id: 'other' as RunId }],
    compositions: [
      {
        id: 'c' as CompositionId,
        taskId: 't' as TaskId,
        roundId: 'o' as RoundId,
        createdAt: 0,
        updatedAt: 0,
        files: [],
        name: 'Somebody else’s, with 1 place from it',
        changes: [],
        tree: 'abc' as ObjectName,
        secretsInPatch: [],
      },
    ],
  };
  return {
    task: {
      id: 't' as TaskId,
      title: 'Fix it',
      folder,
      createdAt: 0,
      updatedAt: 0,
      rounds: [round],
      pullRequests: [],
    },
    round,
    run,
    patch: `+const token = '${token}';\n+const storage = '/var/dursor/tasks/x';\n`,
    versions: { dursor: '1.2.3', 'VS Code': '1.105.0' },
    apiKey: key,
    folders: [
      { path: folder, name: '<folder>' },
      { path: '/var/dursor', name: '<storage>' },
    ],
    ...change,
  };
}

describe('an exported run', () => {
  it('holds the run, its message, its patch and the versions', async () => {
    const { format, version, versions, task, round, run, patch } = JSON.parse(await exportRun(source()));
    assert.deepEqual([format, version], ['dursor-run', 1]);
    assert.deepEqual(versions, { dursor: '1.2.3', 'VS Code': '1.105.0' });
    assert.deepEqual(task, { id: 't', title: 'Fix it' });
    assert.deepEqual([round.runs, round.compositions], [undefined, undefined], 'nobody else’s work');
    assert.deepEqual(round.snapshot, {
      tree: 'abc',
      prefix: '',
      unsaved: [],
      leftOut: ['.env'],
      takenAt: 0,
      hasRepository: true,
    });
    assert.deepEqual(run.usage, source().run.usage);
    assert.equal(run.steps.length, 2);
    assert.match(patch, /^\+const token = /);
  });

  it('holds no key, wherever it stands', async () => {
    const text = await exportRun(source());
    assert.ok(!text.includes(key));
    assert.match(text, /"baseUrl": "https:\/\/gateway.example\/v1"/);
  });

  it('holds no secret that dursor can find, in one place or another', async () => {
    const text = await exportRun(source());
    assert.ok(!text.includes(token));
    assert.match(text, /\[secret removed: [^\]]+\]/);
  });

  it('does not tell where things are on this machine, or whose it is', async () => {
    const text = await exportRun(source());
    for (const place of [folder, '/var/dursor', 'somebody', '/home/', 'Users']) assert.ok(!text.includes(place), place);
    assert.match(text, /Fix <folder>\/src\/a\.ts, not ~\/b\.ts/);
    assert.match(text, /<storage>\/tasks\/x/);
  });

  it('knows a folder of Windows in each way of writing it', async () => {
    const path = 'D:\\Work\\shop';
    const patch = 'D:\\Work\\shop\\a D:/Work/shop/b "D:\\\\Work\\\\shop\\\\c"';
    const text = await exportRun(source({ patch, folders: [{ path, name: '<folder>' }] }));
    assert.equal(JSON.parse(text).patch, '<folder>\\a <folder>/b "<folder>\\\\c"');
  });
});
