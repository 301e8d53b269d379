import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants, homedir, setPriority } from 'node:os';
import { commandEnvironment, type Environment } from '../command/environment.ts';
import { ProcessTree } from '../command/processTree.ts';
import { linkTools } from './privateFolders.ts';
import { groupScript, type Job, type Started } from './sandbox.ts';
import { findToolFolders, type ToolSearch } from './toolFolders.ts';

/** Starts a command with nothing around it but a clean environment and private folders: it can do whatever the user can. */
export async function startUnconfined(job: Job): Promise<Started> {
  const environment = commandEnvironment(job.privateFolders, job.variables);
  if (process.platform === 'win32') return startOnWindows(job, environment);
  await linkTools(job.privateFolders.home, homedir(), await findToolFolders(searchOf(job)));
  const started = startTree('/bin/sh', ['-c', groupScript, 'sh', job.command], job.folder, environment);
  return { ...started, whyNotRun: () => undefined };
}

/** Where tools are looked for by what runs on the user's own file system. */
export function searchOf(job: Job): ToolSearch {
  return { home: homedir(), root: job.root, system: ['/usr', '/bin', '/sbin', '/opt', '/System', '/Library'] };
}

/** Starts a program, which is to run `groupScript`, whose processes can only be found by looking for them. */
export function startTree(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Environment,
): Pick<Started, 'child' | 'end'> {
  const id = randomUUID();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...environment, COMMAND_ID: id },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // It may have ended before that is closed.
  child.stdin?.on('error', () => {});
  const tree = child.pid === undefined ? undefined : new ProcessTree(child.pid, `COMMAND_ID=${id}`);
  return { child, end: async () => await tree?.end() };
}

function startOnWindows(job: Job, environment: Environment): Started {
  const child = spawn(environment.ComSpec ?? 'cmd.exe', ['/d', '/s', '/c', `"(${job.command}) 2>&1"`], {
    cwd: job.folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    windowsVerbatimArguments: true,
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return { child, end: () => endWindowsTree(child), whyNotRun: () => undefined };
}

/** What a process of the tree has started is found while that process runs; Windows keeps no other trace of it. */
function endWindowsTree(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined) return resolve();
    execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true }, () => resolve());
  });
}
