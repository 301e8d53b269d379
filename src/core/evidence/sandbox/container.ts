import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup } from '../command/endGroup.ts';
import { commonEnvironment, type Environment, searchPath, valuesOf } from '../command/environment.ts';
import { type Job, type Started, scriptWithLifeline } from './sandbox.ts';

/** A container program with the image that the user has named. */
export interface ContainerSandbox {
  readonly isolation: 'docker' | 'podman';
  readonly image: string;
}

const memory = '4g';
const mostProcesses = 1024;

/** What the program itself needs to find its engine. None of it gets into the container. */
const engineVariables = [
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'SystemRoot',
  'ProgramFiles',
  'ProgramData',
  'TMPDIR',
  'TEMP',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'CONTAINER_HOST',
  'CONTAINERS_CONF',
];

/** Both programs put the proxies of the user's configuration, which may hold passwords, into every container that doesn't say otherwise. */
const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** A container lives on without the program that started it, and ends with its first process. */
export const containerScript = scriptWithLifeline('$$');

/** How often a container that was only just being made is looked for, until it is there to be removed. */
const mostTries = 20;

/**
 * Starts a command in a container of its own, which is removed when it ends. Of the user's disk only the copy is in there, writable,
 * and what the job says is readable.
 */
export function startInContainer(sandbox: ContainerSandbox, job: Job): Started {
  const name = `dursor-check-${randomUUID()}`;
  const environment = engineEnvironment();
  const child = spawn(sandbox.isolation, containerArguments(sandbox, job, name), {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  // It may have ended before that is closed.
  child.stdin?.on('error', () => {});
  return {
    child,
    end: async () => {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (child.pid === undefined || (child.exitCode !== null && child.exitCode < 125)) return;
      endGroup(child);
      // A program that was killed may have begun to make a container that isn't there yet.
      await remove(sandbox.isolation, name, environment, hasEnded ? 1 : mostTries);
    },
    whyNotRun: (code, complaint) => whyNotRun(sandbox, code, complaint),
  };
}

/** The arguments of `docker` or `podman` for a job. */
export function containerArguments(sandbox: ContainerSandbox, job: Job, name: string): readonly string[] {
  const top = inContainer(job.root);
  const way = relative(job.root, job.folder).split(sep).join('/');
  const environment: Environment = {
    ...valuesOf(job.variables),
    ...Object.fromEntries(
      proxyVariables.flatMap((key) =>
        job.network
          ? []
          : [
              [key, ''],
              [key.toLowerCase(), ''],
            ],
      ),
    ),
    ...commonEnvironment({ home: '/tmp', temporary: '/tmp' }),
  };
  return [
    ...['run', '--rm', '--interactive', '--init', '--name', name, '--pull', 'never', '--log-driver', 'none'],
    ...['--network', job.network ? 'bridge' : 'none'],
    ...['--read-only', '--tmpfs', '/tmp:rw,exec,nosuid,nodev,mode=1777'],
    ...['--memory', memory, '--memory-swap', memory, '--cpus', String(Math.max(1, availableParallelism() - 1))],
    ...['--pids-limit', String(mostProcesses), '--cpu-shares', '256'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...userArguments(sandbox),
    ...mount(sandbox, job.root, 'writable'),
    ...job.readable.flatMap((folder) => mount(sandbox, folder, 'readonly')),
    ...['--workdir', way === '' ? top : `${top}/${way}`],
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...['--entrypoint', '/bin/sh', sandbox.image, '-c', containerScript, 'sh', job.command],
  ];
}

/** Files that the command writes are to be the user's, and its rights no more than the user's. */
function userArguments({ isolation }: ContainerSandbox): readonly string[] {
  const user = process.getuid?.();
  if (user === undefined) return [];
  return [
    ...(isolation === 'podman' && user !== 0 ? ['--userns', 'keep-id'] : []),
    ...['--user', `${user}:${process.getgid?.() ?? user}`],
  ];
}

function mount({ isolation }: ContainerSandbox, folder: string, access: 'writable' | 'readonly'): readonly string[] {
  const fields = [
    'type=bind',
    `source=${folder}`,
    `target=${inContainer(folder)}`,
    ...(access === 'readonly' ? ['readonly'] : []),
    // With SELinux only what is labelled for it can be read; the copy is ours to label, other folders aren't.
    ...(isolation === 'podman' && access === 'writable' ? ['relabel=private'] : []),
  ];
  return ['--mount', fields.map(asField).join(',')];
}

/** One field of a line of comma-separated values. */
const asField = (field: string) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** A folder's path inside: its own, so that paths in the output are right; Windows' paths have none. */
function inContainer(folder: string): string {
  return process.platform === 'win32' ? `/${folder.replace(/:/, '').split(sep).join('/')}` : folder;
}

function engineEnvironment(): Environment {
  return { ...valuesOf(engineVariables), PATH: searchPath().join(process.platform === 'win32' ? ';' : ':') };
}

/** 125 to 127 are the program's own codes if it has something to say to them: all that the command prints goes elsewhere. */
function whyNotRun({ image }: ContainerSandbox, code: number | null, complaint: string): string | undefined {
  const words = complaint
    .split('\n')
    .filter((line) => !/^(warning\b|see ['"]docker)/i.test(line.trim()))
    .join('\n')
    .trim();
  if (code === null || code < 125 || code > 127 || words === '') return undefined;
  return /no such image|unable to find image|image not known/i.test(words)
    ? `The image ${image} is not on this machine. Pull it first.`
    : words;
}

async function remove(program: string, name: string, environment: Environment, tries: number): Promise<void> {
  for (let left = tries; left > 0; left--) {
    const isGone = await new Promise<boolean>((resolve) => {
      const options = { env: environment, timeout: 20_000, windowsHide: true };
      execFile(program, ['rm', '--force', name], options, (error, _, stderr) =>
        resolve(!error && !/no such container/i.test(stderr)),
      );
    });
    if (isGone) return;
    if (left > 1) await sleep(100);
  }
}
