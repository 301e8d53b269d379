import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemCallFilter } from '../../../src/core/evidence/sandbox/systemCalls.ts';
import { makeFolder, removeFolders, run, textOf, withoutBubblewrap } from './commands.ts';

/** Makes a socket of each family, and prints the number of those that it got. */
const makeSockets = `python3 - <<'END'
import socket
for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        try:
            socket.socket(family, kind).close()
            print(family)
            break
        except OSError:
            pass
END`;

/** Makes system calls by their numbers without arguments, and prints the error of each. */
const callKernel = (...calls: readonly number[]) => `python3 - <<'END'
import ctypes
library = ctypes.CDLL(None, use_errno=True)
for call in (${calls.join(', ')},):
    ctypes.set_errno(0)
    library.syscall(call, 0, 0, 0, 0)
    print(ctypes.get_errno())
END`;

describe('a command in bubblewrap, with the kernel it shares', function () {
  this.timeout(120_000);
  const sandbox = { isolation: 'bubblewrap' } as const;
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  let root: string;

  before(async function () {
    const reason = await withoutBubblewrap();
    if (reason) {
      console.log(`    not run: ${reason}`);
      this.skip();
    }
  });
  beforeEach(() => {
    root = makeFolder('copy');
  });
  afterEach(() => removeFolders(root));

  for (const network of [false, true]) {
    it(`has only sockets that the network’s name space knows, ${network ? 'with' : 'without'} the network`, async function () {
      if (!hasPython || !systemCallFilter()) this.skip();
      const families = textOf(await run({ command: makeSockets, root, sandbox, network }))
        .trim()
        .split('\n')
        .map(Number);
      // Files, IPv4, IPv6, and questions about the network itself.
      assert.deepEqual(
        families.filter((family) => ![1, 2, 10, 16].includes(family)),
        [],
      );
      assert.ok(families.includes(1) && families.includes(2), `${families}`);
    });
  }

  it('gets at no keys of the session, and around no filter', async function () {
    if (!hasPython || process.arch !== 'x64') this.skip();
    // The last is a socket as x32 programs ask for it; 39 is the process' own number.
    const calls = callKernel(248, 249, 250, 425, 0x40000000 + 41, 39);
    assert.deepEqual(
      textOf(await run({ command: calls, root, sandbox }))
        .trim()
        .split('\n'),
      [...'11111', '0'],
    );
  });

  it('can change nothing of the kernel, also as the root user', async () => {
    // Everybody may ask `/proc/pressure` to be told of it. `/dev/null` shows that what can be written to is found.
    const command = `find /proc /dev/null \\( -path '/proc/[0-9]*' -o -path /proc/pressure \\) -prune -o ! -type d ! -type l -writable -print`;
    const found = textOf(await run({ command, root, sandbox })).split('\n');
    assert.deepEqual(
      found.filter((line) => line !== '' && !line.startsWith('find:')),
      ['/dev/null'],
    );
  });

  it('can keep nothing in memory that is a file', async () => {
    const command = `for folder in / /etc /run /dev /var; do echo in > $folder/new && echo "$folder can be written to"; done
      echo shared > /dev/shm/new && cat /dev/shm/new && df --output=fstype /dev/shm /tmp ~ | grep tmpfs`;
    const result = textOf(await run({ command, root, sandbox }));
    assert.doesNotMatch(result, /can be written to/);
    assert.match(result, /^shared$/m);
    if (
      readFileSync('/proc/mounts', 'utf8')
        .split('\n')
        .some((line) => / \/tmp tmpfs /.test(line))
    )
      return;
    assert.doesNotMatch(result, /^tmpfs$/m);
  });

  it('is the first to be ended when memory runs out', async () => {
    for (const isolation of ['bubblewrap', 'none'] as const) {
      const command = 'cat /proc/self/oom_score_adj';
      assert.equal(textOf(await run({ command, root, sandbox: { isolation } })), '1000\n');
    }
  });
});

describe('the filter of system calls', () => {
  it('is whole instructions that skip to instructions of it', () => {
    for (const architecture of ['x64', 'arm64'] as const) {
      const filter = Buffer.from(systemCallFilter(architecture) ?? []);
      assert.ok(filter.length > 0 && filter.length % 8 === 0);
      for (let at = 0; at < filter.length; at += 8) {
        for (const skip of [filter[at + 2] ?? 0, filter[at + 3] ?? 0]) assert.ok(at + 8 * (skip + 1) <= filter.length);
      }
      // What no rule takes is refused.
      assert.equal(filter.readUInt32LE(filter.length - 4), 0x00050001);
    }
  });

  it('is none for a processor that is not known', () => {
    assert.equal(systemCallFilter('riscv64'), undefined);
  });
});
