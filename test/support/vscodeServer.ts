import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';

/** Where the set-up puts code-server, whose package carries VS Code's own server and workbench. */
export const codeServerRoot = join(import.meta.dirname, '../../.vscode-test/code-server/node_modules/code-server');

export interface VSCodeServerOptions {
  /** A folder of this server alone; user data, logs and its home directory live in it. */
  readonly dataDir: string;
  /** User settings by their full id. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables the extension host sees, besides PATH and a home directory of its own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running VS Code server. */
export interface VSCodeServer {
  readonly url: string;
  readonly authority: string;
  readonly dataDir: string;
  /** Ends the server and the extension hosts it started. */
  stop(): Promise<void>;
}

/** Settings that keep a test's window quiet: no welcome, no updates, no experiments, no recommendations. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'files.simpleDialog.enable': true,
  'window.autoDetectColorScheme': false,
} as const;

/** A TCP port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Starts the bare VS Code server with user settings in place and waits until it answers. */
export async function startVSCodeServer(options: VSCodeServerOptions): Promise<VSCodeServer> {
  const { dataDir, settings = {}, environment = {} } = options;
  const home = join(dataDir, 'home');
  const userDir = join(dataDir, 'data', 'User');
  await mkdir(home, { recursive: true });
  await mkdir(userDir, { recursive: true });
  await writeFile(join(userDir, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
  const port = await freePort();
  const args = [
    join(codeServerRoot, 'lib/vscode/out/server-main.js'),
    ...['--host', '127.0.0.1', '--port', String(port), '--server-data-dir', dataDir],
    ...['--without-connection-token', '--accept-server-license-terms', '--enable-smoke-test-driver'],
    '--disable-telemetry',
    // The extension host has the variables below and not those of a login shell.
    '--force-disable-user-env',
  ];
  // This Node by its own folder: what a link leads to elsewhere is not in a check's sandbox.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(process.execPath, args, {
    env: { PATH: path, LANG: process.env.LANG ?? 'C.UTF-8', SHELL: '/bin/sh', HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // Where this process is ended before it could stop the server, the server must not outlive it.
  process.once('exit', () => signalGroup(child.pid ?? 0, 'SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url, child);
  return { url, authority: `127.0.0.1:${port}`, dataDir, stop: () => endGroup(child) };
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The VS Code server ended with ${child.exitCode}:\n${output}`);
    const answer = await fetch(`${url}/version`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await endGroup(child);
  throw new Error(`The VS Code server didn't answer within a minute:\n${output}`);
}

/** Ends a child that was started with `detached`, and everything it started. */
export async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
  signalGroup(child.pid, 'SIGKILL');
}

/** Settles when a child has ended, or could not be started. */
export function untilExit(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
