import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from '../../problem.ts';

/** A process of this machine. A number is given out again later; number and start together are not. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system doesn't tell. */
  readonly session: number;
  /** When it started, in whatever form the system says it. */
  readonly start: string;
}

/** The processes that run at this moment, without those that have ended and are not yet collected. */
export async function listProcesses(): Promise<readonly ProcessEntry[]> {
  return process.platform === 'linux' ? await readProc() : await askPs();
}

/** Many processes mustn't cost as many open files. */
const filesAtOnce = 32;

async function readProc(): Promise<readonly ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await inPortions(names, readStat);
  return entries.filter((entry) => entry !== undefined);
}

/** Does the same to all of a list, to a few at a time. Results keep the list's order. */
export async function inPortions<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += filesAtOnce) {
    results.push(...(await Promise.all(items.slice(start, start + filesAtOnce).map(work))));
  }
  return results;
}

/** Whether a process still runs; one that has ended and is only not yet collected doesn't. Linux only. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await readStat(String(pid))) !== undefined;
}

async function readStat(pid: string): Promise<ProcessEntry | undefined> {
  return parseStat(await readProcessFile(pid, 'stat'));
}

/** A line of `/proc/PID/stat`; its fields are in proc(5). The name in parentheses may hold anything, parentheses too. */
function parseStat(line: string): ProcessEntry | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  if (state === undefined || state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    start: fields[19] ?? '',
  };
}

const execute = promisify(execFile);

async function askPs(): Promise<readonly ProcessEntry[]> {
  const { stdout } = await execute('/bin/ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='], {
    env: { LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .map(parsePs)
    .filter((entry) => entry !== undefined);
}

/** A line of `ps -o pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(line: string): ProcessEntry | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
  const [, pid, parent, group, state = 'Z', start = ''] = match ?? [];
  if (state.startsWith('Z')) return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, start };
}

/** Whether a process was started with a variable; false where its environment can't be read. */
export async function hasVariable(pid: number, variable: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return (await readProcessFile(String(pid), 'environ')).split('\0').includes(variable);
}

/** A file about a process; empty where there is no such process, or it isn't ours to look at. Throws when it can't tell. */
async function readProcessFile(pid: string, name: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'latin1');
  } catch (error) {
    if (['EMFILE', 'ENFILE', 'ENOMEM'].includes(String(codeOf(error)))) throw error;
    return '';
  }
}
