import { type ChildProcess, spawn } from 'node:child_process';
import { homedir, release } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { inside, isThere } from '../../workspace/folderPaths.ts';
import { endGroup } from '../command/endGroup.ts';
import { commandEnvironment } from '../command/environment.ts';
import { isRunning } from '../command/processTable.ts';
import { type Job, type Started, shellScript } from './sandbox.ts';
import { systemCallFilter } from './systemCalls.ts';
import { showSystem, systemFolders } from './systemFolders.ts';
import { findToolFolders } from './toolFolders.ts';

/** How many threads a command may have at once: far more than a build uses, far fewer than a fork bomb. */
const mostThreads = 4096;

/**
 * Starts a command under bubblewrap: a file system of its own with the system's programs and the user's tool chains read-only, an
 * empty home and an empty `/tmp`, the copy at its own path; own process numbers, so that all of it ends with its first process; own
 * network unless it may have ours; no capabilities, and no system calls around all that. It ends when we do.
 */
export async function startInBubblewrap(job: Job): Promise<Started> {
  const home = sandboxHome();
  const child = spawn('bwrap', await bubblewrapArguments(job, home), {
    cwd: '/',
    env: commandEnvironment({ home, temporary: '/tmp' }, job.variables),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const filter = child.stdio[4] as Writable | null;
  // It may not have begun.
  filter?.on('error', () => {});
  filter?.end(systemCallFilter());
  const status = readStatus(child);
  return {
    child,
    end: async () => {
      // Of an own group only until it has a session of its own; by then its number is known.
      endGroup(child);
      await Promise.race([status.firstIsKnown, status.closed]);
      if (status.first !== undefined) await endSpace(status.first);
    },
    // It says how the command ended, unless there was none: a place to be shown was gone, there was no shell.
    whyNotRun: (code, complaint) =>
      status.hasExitCode || code === null ? undefined : complaint.trim() || 'bwrap ended before it began.',
  };
}

/** Bubblewrap's arguments for a job. `home` is where the command finds its private home. */
export async function bubblewrapArguments(job: Job, home: string): Promise<readonly string[]> {
  const { root, privateFolders } = job;
  const tools = await findToolFolders({ home: homedir(), root, system: systemFolders });
  const script = hasThreadLimit() ? `${limitThreads}; ${shellScript}` : shellScript;
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...(job.network ? [] : ['--unshare-net']),
    ...['--hostname', 'sandbox', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--json-status-fd', '3'],
    ...(systemCallFilter() ? ['--seccomp', '4'] : []),
    ...(await showSystem(job.network)),
    ...['--proc', '/proc', ...(await closeKernel()), '--dev', '/dev'],
    // Not in memory, where it could take half of the machine's.
    ...['--bind', privateFolders.temporary, '/dev/shm', '--bind', privateFolders.temporary, '/tmp'],
    ...['--symlink', '/tmp', '/var/tmp'],
    ...['--dir', '/run', '--bind', privateFolders.home, home],
    ...[...tools, ...job.readable].flatMap((path) => ['--ro-bind', path, path]),
    // What is left of the folders around them is in memory, too.
    ...['--bind', root, root, '--remount-ro', '/', '--remount-ro', '/dev', '--chdir', job.folder],
    ...['--', '/bin/sh', '-c', script, 'sh', job.command],
  ];
}

/** What of `/proc` is the kernel's and not of a process: bubblewrap shows it as it is outside. */
const kernelPlaces = ['sys', 'sysrq-trigger', 'fs', 'irq', 'bus', 'acpi', 'scsi', 'mtrr', 'driver'];

/**
 * Arguments that let a root user's command change nothing of the kernel: files of root's are its own even without any capability, and
 * `core_pattern` names a program that runs outside of every sandbox.
 */
async function closeKernel(): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const places = kernelPlaces.map((name) => `/proc/${name}`);
  const present = await Promise.all(places.map(isThere));
  return places.filter((_, index) => present[index]).flatMap((place) => ['--ro-bind', place, place]);
}

/** The user's own home path, as tool chains are found from there; another where that would hide the system. */
function sandboxHome(): string {
  const home = homedir();
  const isUsable =
    home.startsWith('/') &&
    ![...systemFolders, '/proc', '/dev', '/tmp', '/etc'].some(
      (folder) => inside(home, folder) !== undefined || inside(folder, home) === '',
    );
  return isUsable ? home : '/home/user';
}

/** `-u` in bash, `-p` in dash, where bash has only ever a pipe's size. */
const limitThreads = `ulimit -u ${mostThreads} 2>/dev/null || ulimit -p ${mostThreads} 2>/dev/null`;

/** Since Linux 5.14 the limit counts what is in the sandbox; before, all that the user runs. It doesn't bind a root user. */
function hasThreadLimit(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}

interface Status {
  /** The first process inside, as numbered outside. */
  first?: number;
  hasExitCode: boolean;
  readonly firstIsKnown: Promise<void>;
  readonly closed: Promise<void>;
}

/** Follows what bubblewrap says of itself: one line of JSON before the first process begins, one when it has ended. */
function readStatus(child: ChildProcess): Status {
  const known = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const status: Status = { hasExitCode: false, firstIsKnown: known.promise, closed: closed.promise };
  const pipe = child.stdio[3] as Readable | null;
  let text = '';
  pipe?.setEncoding('utf8');
  pipe?.on('error', () => {});
  pipe?.on('data', (chunk: string) => {
    text += chunk;
    const first = /"child-pid": (\d+)/.exec(text)?.[1];
    if (first !== undefined) {
      status.first = Number(first);
      known.resolve();
    }
    status.hasExitCode ||= text.includes('"exit-code"');
  });
  pipe?.on('close', closed.resolve);
  child.on('error', () => closed.resolve());
  return status;
}

/** Kills the first process of a name space and waits until it has ended, which it has when all others in there have. */
async function endSpace(first: number): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    if (!(await isRunning(first).catch(() => true))) return;
    try {
      process.kill(first, 'SIGKILL');
    } catch {
      return;
    }
    await sleep(5);
  }
}
