import type { ChildProcess } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandEnd, CommandOutput } from '../../evidence.ts';
import type { Log } from '../../ports.ts';
import { codeOf, stackOf } from '../../problem.ts';
import { inside, isFolder } from '../../workspace/folderPaths.ts';
import { removeFolder } from '../../workspace/removeFolder.ts';
import { makePrivateFolders } from '../sandbox/privateFolders.ts';
import type { Sandbox, Started } from '../sandbox/sandbox.ts';
import { startIn } from '../sandbox/startIn.ts';
import { BoundedOutput, type OutputLimits } from './boundedOutput.ts';
import { watchDisks } from './diskRoom.ts';

/** A command to run on a materialised copy. */
export interface CommandRequest {
  /** As written in a shell. */
  readonly command: string;
  /** Where it runs: `root`, or below it. Absolute. */
  readonly folder: string;
  /** The top of the copy, by its real path: besides private folders the only place that it may write to. */
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly network: boolean;
  readonly timeoutSeconds: number;
  /** Names of variables of ours that the user lets it have, besides PATH, LANG and the like. */
  readonly variables?: readonly string[];
  /** Folders that it may read besides the system's, such as those that links in the copy lead to. */
  readonly readable?: readonly string[];
  readonly limits?: OutputLimits;
  /** What has to stay free on the disks that it writes to, in bytes; usually a gigabyte. */
  readonly leastFree?: number;
  readonly signal: AbortSignal;
  /** Gets all of the output as it comes, also what isn't kept. Must not throw. */
  readonly onOutput?: (text: string) => void;
  readonly log: Log;
}

export interface CommandResult {
  readonly end: CommandEnd;
  readonly output: CommandOutput;
}

/** The longest that a timer can wait. */
const longestMs = 2 ** 31 - 1;
/** How long the pipes of a command that has ended may stay open: only what could not be killed still holds them. */
const closeMs = 5000;
const complaintBytes = 4096;

/**
 * Runs a command in a sandbox until it ends, its time is over or `signal` aborts; whichever it is, nothing of it is left running and
 * its private folders are gone. Rejects only with a bug.
 */
export async function runCommand(request: CommandRequest): Promise<CommandResult> {
  const output = new BoundedOutput(request.limits);
  const end = await run(request, output);
  return { end, output: output.read() };
}

async function run(request: CommandRequest, output: BoundedOutput): Promise<CommandEnd> {
  if (request.signal.aborted) return { type: 'canceled' };
  if (!(await isFolder(request.folder))) {
    return { type: 'not-started', reason: `There is no folder ${request.folder}.` };
  }
  // A patch may have put a link there.
  const folder = await realpath(request.folder);
  if (inside(request.root, folder) === undefined) {
    return { type: 'not-started', reason: `${folder} is not in the copy.` };
  }
  const { top, ...privateFolders } = await makePrivateFolders();
  try {
    const job = { variables: [], readable: [], ...request, folder, privateFolders };
    const room = await watchDisks([request.root, top], request.leastFree);
    try {
      return await follow(await startIn(request.sandbox, job), { ...request, full: room.reached }, output);
    } finally {
      room.dispose();
    }
  } finally {
    await removeFolder(top).catch((error: unknown) => request.log.warn(stackOf(error)));
  }
}

/** Waits for a started command, and ends it. `full` resolves when it has to end for want of room. */
async function follow(
  started: Started,
  request: CommandRequest & { readonly full: Promise<CommandEnd> },
  output: BoundedOutput,
): Promise<CommandEnd> {
  const { child } = started;
  const complaint = listen(child, request, output);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<CommandEnd>((resolve) => {
    child.once('error', (error) => resolve({ type: 'not-started', reason: startFailure(child, error) }));
    child.once('exit', (code, signal) =>
      resolve(signal ? { type: 'signal', signal } : { type: 'exit', code: code ?? -1 }),
    );
  });
  const limit = limitOf(request);
  try {
    const end = await Promise.race([exited, limit.reached, request.full]);
    await started.end();
    await Promise.race([closed, sleep(closeMs, undefined, { ref: false })]);
    if (end.type === 'timeout' || end.type === 'canceled' || end.type === 'not-started') return end;
    const reason = started.whyNotRun(child.exitCode, complaint.read().head);
    return reason === undefined ? end : { type: 'not-started', reason };
  } finally {
    limit.dispose();
    for (const stream of child.stdio) stream?.destroy();
  }
}

/** Collects what a command and its sandbox say. Returns the beginning of what the sandbox says. */
function listen(child: ChildProcess, { onOutput }: CommandRequest, output: BoundedOutput): BoundedOutput {
  const complaint = new BoundedOutput({ headBytes: complaintBytes, tailBytes: 0 });
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    // What it was told to read is gone when it is killed.
    stream?.on('error', () => {});
    stream?.on('data', (chunk: Buffer) => {
      output.push(chunk);
      if (stream === child.stderr) complaint.push(chunk);
      onOutput?.(decoder.write(chunk));
    });
  }
  return complaint;
}

/** Resolves when time is over or the command is no longer wanted; never, if it's disposed of before. */
function limitOf({ signal, timeoutSeconds }: CommandRequest): { reached: Promise<CommandEnd>; dispose(): void } {
  const { promise, resolve } = Promise.withResolvers<CommandEnd>();
  const milliseconds = Math.min(longestMs, timeoutSeconds * 1000);
  const timer = setTimeout(() => resolve({ type: 'timeout', seconds: timeoutSeconds }), milliseconds);
  const cancel = () => resolve({ type: 'canceled' });
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return {
    reached: promise,
    dispose: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}

function startFailure(child: ChildProcess, error: Error): string {
  return codeOf(error) === 'ENOENT' ? `${child.spawnfile} was not found.` : error.message;
}
