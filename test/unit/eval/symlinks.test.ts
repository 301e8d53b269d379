import assert from 'node:assert/strict';
import { UnreadableFile } from '../../eval/report.ts';
import { evalSymlinks } from '../../eval/symlinks.ts';

const run = (...cases: readonly object[]) => evalSymlinks(JSON.stringify({ cases }), () => {});

/** The ids of the cases that are not right, with why. */
async function faultsOf(...cases: readonly object[]): Promise<readonly string[]> {
  const { wrongRows } = await run(...cases);
  return wrongRows.map(({ row, fault, reason }) => `${row} ${fault}: ${reason}`);
}

const linkOut = [
  { file: 'outside/notes.txt', content: 'a private note\n' },
  { symlink: 'ws/out', target: '../outside' },
  { symlink: 'ws/note', target: '../outside/notes.txt' },
  { file: 'ws/own.txt', content: 'own\n' },
];

describe('the harness of symbolic links', function () {
  this.timeout(60_000);

  it('finds that no tool goes through a link, and that links stay links', async () => {
    const steps = [
      { op: 'write', path: 'note', content: 'x' },
      { op: 'write', path: 'own.txt', content: 'changed\n' },
      { op: 'read', path: 'note' },
      { op: 'read', path: 'out/notes.txt' },
      { op: 'search', pattern: 'private' },
      { op: 'list' },
      { op: 'move', path: 'note', to: 'sub/note' },
      { op: 'delete', path: 'out' },
    ];
    const faults = await faultsOf(
      {
        id: 'write',
        setup: linkOut,
        attempt: { op: 'write', path: 'out/new.txt', content: 'x' },
        must_be_absent: ['outside/new.txt', 'ws/new.txt'],
        must_be_unchanged: ['outside/notes.txt'],
      },
      { id: 'all', setup: linkOut, attempt: { op: 'sequence', steps }, must_be_unchanged: ['outside/notes.txt'] },
      {
        id: 'a link that would lead out from another place',
        setup: [...linkOut, { symlink: 'ws/sub/own', target: '../own.txt' }],
        attempt: { op: 'move', path: 'sub/own', to: 'own' },
      },
      { id: 'types', setup: linkOut, attempt: { op: 'snapshot' }, must_hold: ['out', 'ws/note', 'own.txt'] },
      {
        id: 'loop',
        setup: [{ symlink: 'ws/a', target: 'b' }, { symlink: 'ws/b', target: 'a' }, { dir: 'ws/empty' }],
        attempt: { op: 'search', pattern: 'x' },
        must_terminate_ms: 20_000,
        max_hits: 0,
        must_hold: ['empty'],
      },
    );
    assert.deepEqual(faults, []);
  });

  it('lets a patch report what changes', async () => {
    const reported = { setup: linkOut, must_be_unchanged_or_reported: ['ws/own.txt'] };
    const change = { op: 'shell', cmd: 'echo changed > own.txt' };
    const write = { op: 'write', path: 'own.txt', content: 'x' };
    assert.deepEqual(
      await faultsOf(
        { id: 'silent', attempt: change, ...reported },
        { id: 'said', attempt: { op: 'sequence', steps: [change, write] }, ...reported },
      ),
      ['silent escaped: ws/own.txt changed, and the patch does not say so.'],
    );
  });

  it('sees what went wrong', async () => {
    const shell = (cmd: string) => ({ op: 'shell', cmd });
    const faults = await faultsOf(
      { id: 'made', setup: [], attempt: shell('touch ../outside/new'), must_be_absent: ['outside/new'] },
      { id: 'changed', setup: linkOut, attempt: shell('echo x > note'), must_be_unchanged: ['outside/notes.txt'] },
      { id: 'type', setup: linkOut, attempt: shell('rm note && touch note'), must_hold: ['note'] },
      {
        id: 'hits',
        setup: [{ file: 'ws/a', content: 'x\nx\n' }],
        attempt: { op: 'search', pattern: 'x' },
        max_hits: 1,
      },
    );
    assert.deepEqual(faults, [
      'made escaped: outside/new exists.',
      'changed escaped: outside/notes.txt changed.',
      'type wrong: note was a link and is a file.',
      'hits wrong: The search has 2 hits.',
    ]);
  });

  it('does not take for right what it does not understand', async () => {
    const plain = { setup: [], attempt: { op: 'list' } };
    const faults = await faultsOf(
      { id: 'attempt', setup: [], attempt: { op: 'teleport' } },
      { id: 'no steps', setup: [], attempt: { op: 'sequence' } },
      { id: 'shell', setup: [], attempt: { op: 'shell', cmd: 'exit 3' } },
      { id: 'expectation', ...plain, must_be_green: ['a'] },
      { id: 'place', ...plain, must_be_absent: ['../../etc/passwd'] },
      { setup: [], attempt: { op: 'list' } },
      { id: 'setup', setup: [{ fifo: 'ws/a' }], attempt: { op: 'list' } },
    );
    const starts = [
      'attempt wrong',
      'no steps wrong',
      'shell wrong',
      'expectation wrong',
      '5 malf',
      '6 malf',
      '7 malf',
    ];
    assert.equal(faults.length, starts.length);
    for (const [index, start] of starts.entries()) assert.ok(faults[index]?.startsWith(start), faults[index]);
  });

  it('takes the list alone, and says when there is none', async () => {
    const one = [{ id: 'one', setup: [], attempt: { op: 'list' } }];
    assert.equal((await evalSymlinks(JSON.stringify(one), () => {})).right, 1);
    for (const text of ['{', '{}', '[]', 'null'])
      await assert.rejects(
        evalSymlinks(text, () => {}),
        UnreadableFile,
      );
  });
});
