import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLeftPrivateFolders } from '../../../src/core/evidence/sandbox/privateFolders.ts';
import type { Sandbox } from '../../../src/core/evidence/sandbox/sandbox.ts';
import {
  endsWhenWeCrash,
  log,
  makeFolder,
  processesWith,
  removeFolders,
  run,
  setVariables,
  textOf,
  until,
  withoutBubblewrap,
} from './commands.ts';

for (const isolation of ['none', 'bubblewrap'] as const) {
  describe(`a command with ${isolation} around it`, function () {
    this.timeout(120_000);
    const sandbox: Sandbox = { isolation };
    let root: string;

    before(async function () {
      const reason = isolation === 'none' ? undefined : await withoutBubblewrap();
      if (reason) {
        console.log(`    not run: ${reason}`);
        this.skip();
      }
    });
    beforeEach(() => {
      root = makeFolder('copy');
    });
    afterEach(() => removeFolders(root));

    const here = (command: string, more: object = {}) => run({ command, root, sandbox, ...more });

    it('ends with its exit code', async () => {
      assert.deepEqual((await here('exit 0')).end, { type: 'exit', code: 0 });
      assert.deepEqual((await here('exit 3')).end, { type: 'exit', code: 3 });
      assert.deepEqual((await here('no-such-program-anywhere')).end, { type: 'exit', code: 127 });
      // These are what container programs end with when they could not run anything.
      assert.deepEqual((await here('echo bwrap: no >&2; exit 125')).end, { type: 'exit', code: 125 });
    });

    it('has both of its outputs in the order they came', async () => {
      const result = await here('for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done');
      assert.equal(textOf(result), [1, 2, 3, 4, 5].map((i) => `out ${i}\nerr ${i}\n`).join(''));
    });

    it('finds no input', async () => {
      assert.equal(textOf(await here('cat; echo end')), 'end\n');
    });

    it('tells its output while it runs', async () => {
      const pieces: string[] = [];
      const onOutput = (text: string) => {
        pieces.push(text);
        if (text.includes('first')) writeFileSync(join(root, 'go'), '');
      };
      const result = await here('echo first; while [ ! -e go ]; do sleep 0.05; done; echo second', { onOutput });
      assert.deepEqual(result.end, { type: 'exit', code: 0 });
      assert.equal(pieces.join(''), 'first\nsecond\n');
    });

    it('may print any amount, of which both ends are kept', async () => {
      const limits = { headBytes: 1000, tailBytes: 2000 };
      let heard = 0;
      let most = 0;
      const onOutput = (text: string) => {
        heard += text.length;
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      };
      const before = process.memoryUsage().arrayBuffers;
      const { end, output } = await here('echo start; yes | head -c 200000000; echo stop', { limits, onOutput });
      assert.deepEqual(end, { type: 'exit', code: 0 });
      assert.equal(heard, 200_000_011);
      assert.ok(output.head.startsWith('start\n') && output.tail.endsWith('stop\n'));
      assert.equal(output.head.length + output.tail.length + output.omittedBytes, heard);
      assert.equal(output.head.length + output.tail.length, 3000);
      assert.ok(most - before < 150_000_000, `${most - before} bytes at once`);
    });

    it('is ended when its time is over, with all that it has started', async () => {
      const number = `7${Date.now()}`;
      const command = `echo begun; trap '' TERM INT HUP; sleep ${number} & (setsid nohup sleep ${number} &) ; sleep ${number}`;
      const result = await here(command, { timeoutSeconds: 1 });
      assert.deepEqual(result.end, { type: 'timeout', seconds: 1 });
      assert.equal(textOf(result), 'begun\n');
      assert.deepEqual(processesWith(number), []);
    });

    it('is ended when it is canceled, with all that it has started', async () => {
      const number = `8${Date.now()}`;
      const stop = new AbortController();
      const onOutput = () => stop.abort();
      const command = `(setsid sh -c 'setsid sleep ${number} & touch a' &); while [ ! -e a ]; do :; done; echo begun; sleep ${number}`;
      assert.deepEqual((await here(command, { signal: stop.signal, onOutput })).end, { type: 'canceled' });
      assert.ok(existsSync(join(root, 'a')));
      assert.deepEqual(processesWith(number), []);
    });

    it('ends when the editor crashes', () => endsWhenWeCrash({ root, sandbox }));

    it('leaves nothing running when it ends by itself', async () => {
      const number = `9${Date.now()}`;
      // Without its parents, its session, its group and its output.
      const daemon = `(setsid sh -c 'setsid nohup sleep ${number} >/dev/null 2>&1 & touch b' >/dev/null 2>&1 &)`;
      const result = await here(`${daemon}; while [ ! -e b ]; do sleep 0.1; done; echo done`);
      assert.deepEqual(result.end, { type: 'exit', code: 0 });
      assert.deepEqual(processesWith(number), []);

      // The same by hand, which shows that it stays.
      spawn('/bin/sh', ['-c', daemon], { cwd: root, stdio: 'ignore' });
      await until('the daemon runs', () => processesWith(`sleep\0${number}`).length > 0);
      for (const pid of processesWith(number)) process.kill(pid, 'SIGKILL');
    });

    it('can be canceled at any moment', async () => {
      const number = `5${Date.now()}`;
      for (let wait = 0; wait < 60; wait += 4) {
        const stop = new AbortController();
        const running = here(`sleep ${number}`, { signal: stop.signal });
        await sleep(wait);
        stop.abort();
        assert.deepEqual((await running).end, { type: 'canceled' });
      }
      assert.deepEqual(processesWith(number), []);
    });

    it('is ended with hundreds of processes, each of which has left its session', async () => {
      const number = `4${Date.now()}`;
      const one = `setsid sh -c 'sleep ${number} & sleep ${number}' &`;
      const command = `i=0; while [ $i -lt 150 ]; do ${one} i=$((i+1)); done; echo begun; sleep ${number}`;
      const stop = new AbortController();
      const onOutput = () => stop.abort();
      assert.deepEqual((await here(command, { signal: stop.signal, onOutput })).end, { type: 'canceled' });
      assert.deepEqual(processesWith(number), []);
    });

    it('gives way to other programs', async () => {
      assert.equal(Number(textOf(await here('nice'))), Math.min(19, getPriority() + 10));
    });

    it('is stopped before it has filled the disk', async function () {
      if (!existsSync('/dev/shm')) this.skip();
      const disk = realpathSync(mkdtempSync('/dev/shm/dursor-test-'));
      const { bavail, bsize } = statfsSync(disk);
      const leastFree = bavail * bsize - 16 * 1024 ** 2;
      const command = 'head -c 64M /dev/zero > file; exec sleep 60';
      const { end } = await run({ command, root: disk, sandbox, leastFree });
      removeFolders(disk);
      assert.match(JSON.stringify(end), /not-started.*It was stopped, as it left less than \d+ MB on the disk of/);
    });

    it('is not started where there is nothing to start it in', async () => {
      const gone = join(root, 'gone');
      assert.deepEqual((await here('true', { folder: gone })).end, {
        type: 'not-started',
        reason: `There is no folder ${gone}.`,
      });
      assert.deepEqual((await here('true', { folder: tmpdir() })).end, {
        type: 'not-started',
        reason: `${realpathSync(tmpdir())} is not in the copy.`,
      });
      symlinkSync(tmpdir(), join(root, 'link'));
      assert.equal((await here('true', { folder: join(root, 'link') })).end.type, 'not-started');
    });

    it('leaves private folders only when it crashes, and those go at the next start', async () => {
      const temporary = makeFolder('temporary');
      const restore = setVariables({ TMPDIR: temporary });
      try {
        await endsWhenWeCrash({ root, sandbox });
        assert.equal(readdirSync(temporary).length, 1);
        const used = mkdtempSync(join(temporary, `dursor-check-${process.pid}_`));
        await removeLeftPrivateFolders(log, new AbortController().signal);
        assert.deepEqual(readdirSync(temporary), [basename(used)]);
      } finally {
        restore();
        removeFolders(temporary);
      }
    });

    it('takes its private folders away', async () => {
      const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('dursor-check-'));
      const before = ours();
      await here('mkdir -p ~/a/b $TMPDIR/c && touch ~/a/b/file && chmod 500 ~/a/b ~/a');
      assert.deepEqual(
        ours().filter((name) => !before.includes(name)),
        [],
      );
    });
  });
}

describe('a command in a sandbox that is not there', () => {
  it('is not started', async () => {
    const root = makeFolder('copy');
    const restore = setVariables({ PATH: root });
    try {
      for (const sandbox of [{ isolation: 'bubblewrap' }, { isolation: 'docker', image: 'some' }] as const) {
        const { end } = await run({ command: 'touch here', root, sandbox });
        const program = sandbox.isolation === 'docker' ? 'docker' : 'bwrap';
        assert.deepEqual(end, { type: 'not-started', reason: `${program} was not found.` });
        assert.equal(existsSync(join(root, 'here')), false);
      }
    } finally {
      restore();
      removeFolders(root);
    }
  });

  it('is not started when the sandbox refuses', async () => {
    const root = makeFolder('copy');
    writeFileSync(
      join(root, 'bwrap'),
      '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n',
      {
        mode: 0o755,
      },
    );
    const restore = setVariables({ PATH: root });
    try {
      const { end } = await run({ command: 'touch here', root, sandbox: { isolation: 'bubblewrap' } });
      assert.deepEqual(end, { type: 'not-started', reason: 'bwrap: No permissions to create new namespace' });
    } finally {
      restore();
      removeFolders(root);
    }
  });

  it('is not started after it was canceled', async () => {
    const root = makeFolder('copy');
    const { end } = await run({ command: 'touch here', root, signal: AbortSignal.abort() });
    assert.deepEqual(end, { type: 'canceled' });
    assert.equal(existsSync(join(root, 'here')), false);
    removeFolders(root);
  });
});
