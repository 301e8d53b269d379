import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sandboxes } from '../../../src/core/evidence/sandbox/availability.ts';
import { containerArguments, containerScript } from '../../../src/core/evidence/sandbox/container.ts';
import type { Job, Sandbox } from '../../../src/core/evidence/sandbox/sandbox.ts';
import {
  endsWhenWeCrash,
  log,
  makeFolder,
  processesWith,
  removeFolders,
  run,
  setVariables,
  textOf,
} from './commands.ts';

/**
 * Behaves as a container program does, without a container: `run` runs what it is told to on this machine, unless the image is
 * `missing`; `rm` ends it. No engine works where these tests must run, so they go up to the command line.
 */
function fakeProgram(folder: string): string {
  return `#!/bin/sh
printf '%s\\n' "$*" >> '${folder}/calls'
env > '${folder}/environment'
case $1 in
run)
  while [ "$1" != --entrypoint ]; do
    case $1 in --workdir) cd "$2" ;; --name) echo "$2" > '${folder}/name' ;; esac
    shift
  done
  if [ "$3" = missing ]; then
    echo 'WARNING: something about swap' >&2
    echo 'docker: Error response from daemon: No such image: missing:latest' >&2
    exit 125
  fi
  shell=$2
  shift 3
  # There may be nobody left to read what it says.
  trap '' PIPE
  # What runs in the background has no input, unless it is handed over.
  exec 4<&0
  setsid "$shell" "$@" <&4 &
  first=$!
  echo $first > '${folder}/pid'
  wait $first
  code=$?
  # A container ends with its first process.
  kill -s KILL -- "-$first" 2>/dev/null
  exit $code ;;
rm)
  [ "$3" = "$(cat '${folder}/name')" ] && kill -s KILL -- "-$(cat '${folder}/pid')" ;;
esac
`;
}

const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n');

describe('a command in a container', function () {
  this.timeout(60_000);
  const sandbox: Sandbox = { isolation: 'docker', image: 'tools:1' };
  let root: string;
  let bin: string;
  let restore: () => void;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    [root, bin] = [makeFolder('copy'), makeFolder('bin')];
    for (const name of ['docker', 'podman']) writeFileSync(join(bin, name), fakeProgram(bin), { mode: 0o755 });
    restore = setVariables({ PATH: `${bin}:/usr/bin:/bin`, SOME_KEY: 'secret', DOCKER_HOST: 'unix:///somewhere' });
  });
  afterEach(() => {
    restore?.();
    removeFolders(root, bin);
  });

  it('runs with its exit code and its output', async () => {
    mkdirSync(join(root, 'sub'));
    const result = await run({ command: 'pwd; echo err >&2; exit 4', root, folder: join(root, 'sub'), sandbox });
    assert.deepEqual(result.end, { type: 'exit', code: 4 });
    assert.equal(textOf(result), `${root}/sub\nerr\n`);
    assert.equal(lines(join(bin, 'calls')).length, 1);
  });

  it('is removed by its name when its time is over', async () => {
    const number = `3${Date.now()}`;
    const result = await run({ command: `sleep ${number}`, root, sandbox, timeoutSeconds: 1 });
    assert.deepEqual(result.end, { type: 'timeout', seconds: 1 });
    const name = readFileSync(join(bin, 'name'), 'utf8').trim();
    assert.match(name, /^dursor-check-[0-9a-f-]{36}$/);
    assert.equal(lines(join(bin, 'calls')).at(-1), `rm --force ${name}`);
    assert.deepEqual(processesWith(number), []);
  });

  it('ends when the editor crashes, although nobody removes it', async () => {
    await endsWhenWeCrash({ root, sandbox });
    assert.equal(lines(join(bin, 'calls')).length, 1);
  });

  it('is not run without its image, and the reason says so', async () => {
    const { end } = await run({ command: 'touch here', root, sandbox: { isolation: 'docker', image: 'missing' } });
    assert.deepEqual(end, {
      type: 'not-started',
      reason: 'The image missing is not on this machine. Pull it first.',
    });
    assert.equal(existsSync(join(root, 'here')), false);
  });

  it('may end with the codes of the program itself', async () => {
    for (const code of [125, 126, 127]) {
      const { end } = await run({ command: `echo docker: no >&2; exit ${code}`, root, sandbox });
      assert.deepEqual(end, { type: 'exit', code });
    }
  });

  it('is started by a program that knows where its engine is and nothing else', async () => {
    await run({ command: 'true', root, sandbox });
    const environment = lines(join(bin, 'environment')).filter((line) => !/^(PWD|SHLVL|OLDPWD|_)=/.test(line));
    assert.ok(environment.includes('DOCKER_HOST=unix:///somewhere'));
    assert.doesNotMatch(environment.join('\n'), /SOME_KEY/);
  });

  it('counts as available when something could be written from inside', async () => {
    const found = await new Sandboxes(log).available('tools:1');
    const containers = found.filter(({ sandbox: { isolation } }) => isolation === 'docker' || isolation === 'podman');
    assert.deepEqual(containers, [
      { sandbox: { isolation: 'docker', image: 'tools:1' }, works: true },
      { sandbox: { isolation: 'podman', image: 'tools:1' }, works: true },
    ]);
    const missing = await new Sandboxes(log).available('missing');
    const reason = 'The image missing is not on this machine. Pull it first.';
    assert.ok(missing.some((one) => one.sandbox.isolation === 'docker' && !one.works && one.reason === reason));
  });

  it('is asked for only with an image, and only once', async () => {
    const sandboxes = new Sandboxes(log);
    assert.ok(!(await sandboxes.available()).some(({ sandbox: { isolation } }) => isolation === 'docker'));
    assert.equal(existsSync(join(bin, 'calls')), false);
    await sandboxes.available('tools:1');
    const calls = lines(join(bin, 'calls')).length;
    await sandboxes.available('tools:1');
    assert.equal(lines(join(bin, 'calls')).length, calls);
    sandboxes.forget();
    await sandboxes.available('tools:1');
    assert.equal(lines(join(bin, 'calls')).length, 2 * calls);
  });
});

describe('the arguments of a container program', () => {
  const job: Job = {
    command: 'npm test -- "a b"',
    folder: '/copies/one/packages/a',
    root: '/copies/one',
    readable: [],
    network: false,
    variables: [],
    privateFolders: { home: '/private/home', temporary: '/private/tmp' },
  };
  const docker = { isolation: 'docker', image: 'tools:1' } as const;
  const valuesAfter = (args: readonly string[], flag: string) =>
    args.flatMap((arg, index) => (arg === flag ? [args[index + 1]] : []));

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('keep the command in, word for word', () => {
    const args = containerArguments(docker, job, 'name-1');
    const user = `${process.getuid?.()}:${process.getgid?.()}`;
    const shown = args.filter((arg, index) => arg !== '--env' && args[index - 1] !== '--env');
    const cpus = valuesAfter(args, '--cpus')[0] ?? '';
    assert.ok(Number(cpus) >= 1);
    assert.deepEqual(
      shown,
      [
        'run --rm --interactive --init --name name-1 --pull never --log-driver none --network none',
        '--read-only --tmpfs /tmp:rw,exec,nosuid,nodev,mode=1777',
        `--memory 4g --memory-swap 4g --cpus ${cpus} --pids-limit 1024 --cpu-shares 256`,
        `--cap-drop ALL --security-opt no-new-privileges --user ${user}`,
        '--mount type=bind,source=/copies/one,target=/copies/one --workdir /copies/one/packages/a',
        '--entrypoint /bin/sh tools:1 -c',
      ]
        .flatMap((line) => line.split(' '))
        .concat(containerScript, 'sh', 'npm test -- "a b"'),
    );
  });

  it('give it a clean environment, without proxies unless it may use the network', () => {
    const restore = setVariables({ SOME_KEY: 'secret', OTHER: 'wanted', TZ: undefined });
    const closed = valuesAfter(containerArguments(docker, { ...job, variables: ['OTHER'] }, 'n'), '--env');
    const open = valuesAfter(containerArguments(docker, { ...job, network: true }, 'n'), '--env');
    restore();
    for (const value of [
      'OTHER=wanted',
      'CI=true',
      'TERM=dumb',
      'HOME=/tmp',
      'TMPDIR=/tmp',
      'HTTPS_PROXY=',
      'http_proxy=',
    ]) {
      assert.ok(closed.includes(value), value);
    }
    assert.doesNotMatch(closed.join('\n'), /SOME_KEY|PATH=/);
    assert.doesNotMatch(open.join('\n'), /proxy/i);
  });

  it('open the network only for a check that may use it', () => {
    assert.deepEqual(valuesAfter(containerArguments(docker, job, 'n'), '--network'), ['none']);
    assert.deepEqual(valuesAfter(containerArguments(docker, { ...job, network: true }, 'n'), '--network'), ['bridge']);
  });

  it('mount what the job may read read-only, and paths with commas as they are', () => {
    const odd = { ...job, root: '/copies/a,"b', folder: '/copies/a,"b', readable: ['/user/node_modules'] };
    assert.deepEqual(valuesAfter(containerArguments(docker, odd, 'n'), '--mount'), [
      'type=bind,"source=/copies/a,""b","target=/copies/a,""b"',
      'type=bind,source=/user/node_modules,target=/user/node_modules,readonly',
    ]);
  });

  it('let Podman keep the user’s number', () => {
    const args = containerArguments({ isolation: 'podman', image: 'tools:1' }, job, 'n');
    assert.deepEqual(valuesAfter(args, '--userns'), process.getuid?.() === 0 ? [] : ['keep-id']);
    assert.match(String(valuesAfter(args, '--mount')[0]), /,relabel=private$/);
  });
});
