import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandRequest, type CommandResult, runCommand } from '../../../src/core/evidence/command/runCommand.ts';
import { Sandboxes } from '../../../src/core/evidence/sandbox/availability.ts';
import type { Log } from '../../../src/core/ports.ts';

const silent = () => {};
export const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** Why a test that needs bubblewrap can't run here; undefined where it can. */
export async function withoutBubblewrap(): Promise<string | undefined> {
  const [first] = await new Sandboxes(log).available();
  if (first?.sandbox.isolation !== 'bubblewrap') return 'bubblewrap is for Linux';
  return first.works ? undefined : `bubblewrap doesn't work here: ${first.reason}`;
}

/** An empty folder with a real path. */
export function makeFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `dursor-test-${name}-`)));
}

export function removeFolders(...folders: readonly string[]): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** Runs a command in a copy with what most tests don't care about filled in. */
export function run(
  request: Pick<CommandRequest, 'command' | 'root'> & Partial<CommandRequest>,
): Promise<CommandResult> {
  return runCommand({
    folder: request.root,
    sandbox: { isolation: 'none' },
    network: false,
    timeoutSeconds: 60,
    signal: new AbortController().signal,
    log,
    ...request,
  });
}

/** Everything that was kept of the output. */
export const textOf = ({ output }: CommandResult): string => output.head + output.tail;

/** The processes of this machine with a text in their command line. Linux only. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** Waits, long enough for any machine, until something is so. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 600; round++) {
    if (isSo()) return;
    await sleep(50);
  }
  throw new Error(`It never happened that ${what}`);
}

/** Starts a command in a process of its own, kills that, and waits until the command has ended. Linux only. */
export async function endsWhenWeCrash(where: Pick<CommandRequest, 'root' | 'sandbox'>): Promise<void> {
  const number = `5${Date.now()}`;
  const request = JSON.stringify({ ...where, command: `touch begun; sleep ${number}` });
  const code = `import { run } from ${JSON.stringify(import.meta.filename)}; await run(${request});`;
  const editor = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' });
  await until('it runs', () => existsSync(join(where.root, 'begun')));
  const gone = once(editor, 'exit');
  editor.kill('SIGKILL');
  await gone;
  await until('it has ended', () => processesWith(number).length === 0);
}

/** Changes variables of this process for a test, and returns what puts them back. */
export function setVariables(changes: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(changes);
  return () => set(before);
}
