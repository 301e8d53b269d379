import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sandbox } from '../../../src/core/evidence/sandbox/sandbox.ts';
import { makeFolder, processesWith, removeFolders, run, setVariables, textOf, withoutBubblewrap } from './commands.ts';

const secret = `secret-${randomUUID()}`;

/** Something that a command may try, and whether it got through. */
interface Attempt {
  readonly what: string;
  readonly command: (world: World) => string;
  readonly network?: boolean;
  readonly hasEscaped: (world: World, output: string) => boolean;
}

/** What is around a copy. */
interface World {
  readonly root: string;
  readonly outside: string;
  readonly home: string;
  readonly port: number;
  readonly socket: string;
  readonly neighbour: ChildProcess;
}

const printsSecret = (_: World, output: string) => output.includes(secret);
const connect = (to: string) =>
  `node -e "require('node:net').connect(${to}).on('data', (d) => { console.log(String(d)); process.exit(); }).on('error', (e) => { console.log(e.code); process.exit(3); })"`;

const attempts: readonly Attempt[] = [
  {
    what: 'write a file outside its copy',
    command: ({ outside }) => `echo in > ${outside}/new; ls ${outside}`,
    hasEscaped: ({ outside }) => existsSync(join(outside, 'new')),
  },
  {
    what: 'change a file outside its copy through a link in it',
    command: () => 'ls -l link; echo in > link/file',
    hasEscaped: ({ outside }) => readFileSync(join(outside, 'file'), 'utf8') === 'in\n',
  },
  { what: 'read another folder', command: ({ outside }) => `cat ${outside}/secret`, hasEscaped: printsSecret },
  { what: 'read another folder through a link', command: () => 'cat link/secret', hasEscaped: printsSecret },
  {
    what: 'read another folder through a link that it makes',
    command: ({ outside }) => `ln -s ${outside} made && cat made/secret; rm -f made`,
    hasEscaped: printsSecret,
  },
  {
    what: 'read another folder through the roots that /proc shows',
    command: ({ outside }) => `cat /proc/[0-9]*/root${outside}/secret /proc/self/cwd/link/secret`,
    hasEscaped: printsSecret,
  },
  { what: 'read keys in the home folder', command: ({ home }) => `cat ${home}/.ssh/id`, hasEscaped: printsSecret },
  {
    what: "read a tool chain's tokens in the home folder",
    command: ({ home }) => `cat ${home}/.cargo/credentials.toml`,
    hasEscaped: printsSecret,
  },
  {
    what: 'put a program into a tool chain',
    command: ({ home }) => `ls ${home}/.cargo/bin; echo in > ${home}/.cargo/bin/cargo-new`,
    hasEscaped: ({ home }) => existsSync(join(home, '.cargo/bin/cargo-new')),
  },
  {
    what: "read another process's environment",
    command: () => 'cat /proc/[0-9]*/environ | tr "\\0" "\\n"',
    hasEscaped: printsSecret,
  },
  {
    what: 'kill another process',
    command: ({ neighbour }) => `kill -9 ${neighbour.pid}; sleep 1`,
    hasEscaped: ({ neighbour }) => neighbour.signalCode !== null,
  },
  {
    what: 'reach a server of this machine',
    command: ({ port }) => connect(String(port)),
    hasEscaped: printsSecret,
  },
  {
    what: 'reach a socket in another folder, such as an agent’s or Docker’s',
    command: ({ socket }) => connect(`'${socket}'`),
    hasEscaped: printsSecret,
  },
  {
    what: 'reach such a socket when it may use the network',
    command: ({ socket }) => connect(`'${socket}'`),
    network: true,
    hasEscaped: printsSecret,
  },
];

describe('a command that tries to escape', function () {
  this.timeout(120_000);
  let world: World;
  let restore: () => void;
  let servers: readonly Server[];

  before(async function () {
    const reason = await withoutBubblewrap();
    if (reason) {
      console.log(`    not run: ${reason}`);
      this.skip();
    }
  });

  beforeEach(async () => {
    const [root, outside, home] = [makeFolder('copy'), makeFolder('outside'), makeFolder('home')];
    writeFileSync(join(outside, 'secret'), secret);
    writeFileSync(join(outside, 'file'), 'before\n');
    symlinkSync(outside, join(root, 'link'));
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/id'), secret);
    mkdirSync(join(home, '.cargo/bin'), { recursive: true });
    writeFileSync(join(home, '.cargo/credentials.toml'), secret);
    writeFileSync(join(home, '.cargo/bin/hello-tool'), '#!/bin/sh\necho hello from a tool\n', { mode: 0o755 });
    restore = setVariables({
      HOME: home,
      PATH: `${home}/.cargo/bin:${home}/.ssh:${dirname(process.execPath)}:/usr/bin:/bin`,
      SOME_API_KEY: secret,
      SSH_AUTH_SOCK: join(outside, 'socket'),
      DURSOR_ANYTHING: secret,
    });
    const socket = join(outside, 'socket');
    const server = await listen(0);
    servers = [server, await listen(socket)];
    const { port } = server.address() as AddressInfo;
    const neighbour = spawn('/bin/sleep', ['600'], { env: { NEIGHBOUR: secret } });
    world = { root, outside, home, port, socket, neighbour };
  });

  afterEach(() => {
    if (!world) return;
    restore();
    world.neighbour.kill('SIGKILL');
    for (const server of servers) server.close();
    removeFolders(world.root, world.outside, world.home);
  });

  const attempt = async ({ command, network = false, hasEscaped }: Attempt, sandbox: Sandbox) => {
    const result = await run({ command: command(world), root: world.root, sandbox, network });
    assert.equal(result.end.type, 'exit', textOf(result));
    return hasEscaped(world, textOf(result));
  };

  for (const one of attempts) {
    it(`can't ${one.what}`, async () => {
      assert.equal(await attempt(one, { isolation: 'bubblewrap' }), false);
      assert.equal(await attempt(one, { isolation: 'none' }), true, 'it could without protection');
    });
  }

  it('reaches a server of this machine only when it may use the network', async () => {
    const sandbox = { isolation: 'bubblewrap' } as const;
    const result = await run({ command: connect(String(world.port)), root: world.root, sandbox, network: true });
    assert.match(textOf(result), new RegExp(secret));
  });

  for (const isolation of ['bubblewrap', 'none'] as const) {
    it(`has none of our variables with ${isolation}`, async () => {
      const result = await run({
        command: 'env; cat /proc/$PPID/environ | wc -c',
        root: world.root,
        sandbox: { isolation },
      });
      assert.doesNotMatch(textOf(result), /SOME_API_KEY|SSH_AUTH_SOCK|DURSOR|secret-/);
      assert.match(textOf(result), /^CI=true$/m);
      assert.match(textOf(result), /^TERM=dumb$/m);
    });

    it(`has a variable that the user named, with ${isolation}`, async () => {
      const command = 'echo "[$SOME_API_KEY][$HOME]"';
      const result = await run({
        command,
        root: world.root,
        sandbox: { isolation },
        variables: ['SOME_API_KEY', 'HOME'],
      });
      assert.ok(textOf(result).startsWith(`[${secret}][`));
    });

    it(`runs the tools below the home folder that PATH names, with ${isolation}`, async () => {
      const result = await run({ command: 'hello-tool && node -p 6*7', root: world.root, sandbox: { isolation } });
      assert.equal(textOf(result), 'hello from a tool\n42\n');
    });

    it(`has a home and a temporary folder of its own with ${isolation}, and leaves nothing there`, async () => {
      const command = 'ls -A ~ | grep -v cargo; echo a > ~/mine && echo b > $TMPDIR/mine && cat ~/mine $TMPDIR/mine';
      for (const round of [1, 2]) {
        const result = await run({ command, root: world.root, sandbox: { isolation } });
        assert.equal(textOf(result), 'a\nb\n', `round ${round}`);
      }
      assert.equal(existsSync(join(world.home, 'mine')), false);
    });
  }

  it('writes to its copy at its own path, and runs where it was told to', async () => {
    const folder = join(world.root, 'packages/one');
    mkdirSync(folder, { recursive: true });
    const sandbox = { isolation: 'bubblewrap' } as const;
    const result = await run({ command: 'pwd; echo made > ../made', root: world.root, folder, sandbox });
    assert.equal(textOf(result), `${folder}\n`);
    assert.equal(readFileSync(join(world.root, 'packages/made'), 'utf8'), 'made\n');
  });

  it('sees none of the sockets and folders that are outside', async () => {
    const command = 'ls -A /; ls -A /run /var /mnt /media /srv /sys /boot; find / -xdev -type s';
    const seen = textOf(await run({ command, root: world.root, sandbox: { isolation: 'bubblewrap' } })).split('\n');
    for (const folder of ['mnt', 'media', 'srv', 'sys', 'boot']) assert.ok(!seen.includes(folder), folder);
    assert.ok(seen.includes('usr'));
    assert.deepEqual(seen.slice(seen.indexOf('/run:'), seen.indexOf('/run:') + 5), ['/run:', '', '/var:', 'tmp', '']);
  });

  it('is not run where the sandbox could not be made, such as around a folder that is gone', async () => {
    const { end } = await run({
      command: 'exit 0',
      root: world.root,
      sandbox: { isolation: 'bubblewrap' },
      readable: [join(world.root, 'gone')],
    });
    assert.equal(end.type, 'not-started');
    assert.match(JSON.stringify(end), /bwrap: .*No such file/);
  });

  it('reads a further folder that it was given, and can’t write to it', async () => {
    const sandbox = { isolation: 'bubblewrap' } as const;
    const command = 'cat link/secret; echo in > link/file';
    const result = await run({ command, root: world.root, sandbox, readable: [world.outside] });
    assert.match(textOf(result), new RegExp(secret));
    assert.equal(readFileSync(join(world.outside, 'file'), 'utf8'), 'before\n');
  });

  it('can have a server and a client of its own inside', async () => {
    const sandbox = { isolation: 'bubblewrap' } as const;
    const command = `node -e "
      const server = require('node:http').createServer((q, a) => a.end('served')).listen(0, '127.0.0.1', async () => {
        console.log(await (await fetch('http://127.0.0.1:' + server.address().port)).text());
        process.exit();
      });"`;
    assert.equal(textOf(await run({ command, root: world.root, sandbox })), 'served\n');
  });

  it('can only have so many processes, where the system counts them by sandbox', async () => {
    const command = 'grep "Max processes" /proc/self/limits';
    const sandbox = { isolation: 'bubblewrap' } as const;
    const limits = textOf(await run({ command, root: world.root, sandbox }));
    const [major = 0, minor = 0] = release().split('.').map(Number);
    if (major > 5 || (major === 5 && minor >= 14)) assert.match(limits, /\s4096\s+4096\s/);
    else assert.doesNotMatch(limits, /\s4096\s+4096\s/);
  });

  it('leaves no process behind that it has started, however that has left', async () => {
    const number = `6${Date.now()}`;
    const command = `
      setsid nohup sleep ${number} >/dev/null 2>&1 &
      (setsid sh -c 'env -i sleep ${number} & env -i setsid sleep ${number} & touch started; sleep ${number}' &)
      while [ ! -e started ]; do sleep 0.1; done`;
    const result = await run({ command, root: world.root, sandbox: { isolation: 'bubblewrap' } });
    assert.deepEqual(result.end, { type: 'exit', code: 0 });
    assert.deepEqual(processesWith(number), []);
  });

  async function listen(where: number | string): Promise<Server> {
    const server = createServer((client) => client.on('error', () => {}).end(secret));
    await new Promise<void>((resolve) => {
      if (typeof where === 'string') server.listen(where, resolve);
      else server.listen(where, '127.0.0.1', resolve);
    });
    return server;
  }
});
