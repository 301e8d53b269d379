import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckRound, candidate, ends, shell } from './checkRounds.ts';
import { withoutBubblewrap } from './commands.ts';

describe('folders of checks', () => {
  let round: CheckRound;
  beforeEach(() => {
    round = new CheckRound({ a: '1' });
  });
  afterEach(async () => {
    await round.dispose();
  });
  const signal = new AbortController().signal;

  it('are removed at the next start when their window is gone', async () => {
    const { folder } = await round.snapshot;
    const gone = await round.folders('gone').make(folder);
    mkdirSync(gone.path);
    writeFileSync(join(gone.path, 'file'), '');
    const alive = await round.folders('alive').make(folder);
    mkdirSync(alive.path);
    mkdirSync(join(round.storageDirectory, 'checks/0123456789ab'));
    mkdirSync(join(round.storageDirectory, 'checks/.deleting-1'));
    const mine = round.folders('window', (owner) => owner === 'alive');
    const own = await mine.make(folder);
    mkdirSync(own.path);
    await mine.removeLeftovers(signal);
    assert.deepEqual(
      [gone, alive, own].map(({ path }) => existsSync(path)),
      [false, true, true],
    );
    assert.equal(round.leftOver().length, 4);
    await own.remove();
    await alive.remove();
    assert.deepEqual(round.leftOver(), []);
  });

  it('are never inside the folder that is checked', async () => {
    const made = await round.folders().make(round.box.root);
    assert.ok(!made.path.startsWith(round.box.root), made.path);
    await made.remove();
    assert.equal(existsSync(join(made.path, '..')), false);
    assert.deepEqual(round.leftOver(), []);
  });
});

describe('checks in a sandbox', function () {
  this.timeout(30_000);

  it('write their reports, and see nothing else of the storage', async function () {
    if (await withoutBubblewrap()) this.skip();
    const round = new CheckRound({ a: '1' });
    try {
      const xml = '<testsuite><testcase classname="t" name="x"/></testsuite>';
      const report = shell('report', `echo '${xml}' > r.xml`, { report: 'r.xml' });
      const curious = shell(
        'curious',
        `cat a && ! ls ${round.box.storage} && { touch ${round.storageDirectory}/checks/x || true; }`,
      );
      const runner = await round.runner([report, curious], { sandbox: { isolation: 'bubblewrap' } });
      const runs = await runner.start(candidate('a'), (await round.tree({ a: '2\n' })).tree);
      assert.deepEqual(ends(runs), [0, 0], JSON.stringify(runs[1]?.output));
      assert.deepEqual(
        runs[0]?.tests?.map(({ name }) => name),
        ['t › x'],
      );
      assert.equal(runs[0]?.isolation, 'bubblewrap');
      await runner.startBase();
      assert.deepEqual(round.leftOver(), []);
    } finally {
      await round.dispose();
    }
  });
});
