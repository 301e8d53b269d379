import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { storyInstruction } from './modelStory.ts';
import { endGroup, startVSCodeServer, untilExit } from './vscodeServer.ts';
import { startWorld, type World } from './world.ts';

const root = resolve(import.meta.dirname, '../..');

/** Opens VS Code with dursor on the sample and stays until the window is closed or Ctrl+C is pressed. Returns the exit code. */
export async function openForPerson(desktop: string | undefined): Promise<number> {
  await using world = await startWorld({ keys: process.env });
  const dataDir = mkdtempSync(join(tmpdir(), 'dursor-window-'));
  const interrupted = new Promise<void>((end) => {
    // A terminal's Ctrl+C reaches this process twice: by itself, and handed on by the one that started it.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end());
  });
  console.log(`The sample project is in ${world.sample.folder}.`);
  console.log(`Try: ${storyInstruction}`);
  try {
    if (desktop) await openDesktop(desktop, world, dataDir, interrupted);
    else await openInBrowser(world, dataDir, interrupted);
    return 0;
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openDesktop(code: string, world: World, dataDir: string, interrupted: Promise<void>): Promise<void> {
  mkdirSync(join(dataDir, 'User'), { recursive: true });
  const settings = { ...world.settings, 'security.workspace.trust.enabled': false, 'workbench.startupEditor': 'none' };
  writeFileSync(join(dataDir, 'User/settings.json'), JSON.stringify(settings, undefined, 2));
  const folders = ['--user-data-dir', dataDir, '--extensions-dir', join(dataDir, 'extensions')];
  const child = spawn(
    code,
    ['--new-window', '--wait', ...folders, `--extensionDevelopmentPath=${root}`, world.sample.folder],
    { env: { ...process.env, ...world.environment }, stdio: 'inherit', detached: true },
  );
  console.log('VS Code opens. Close its window, or press Ctrl+C here, to end everything.');
  await Promise.race([untilExit(child), interrupted]);
  await endGroup(child);
}

/** The development arguments need VS Code's own server; code-server's friendlier entry takes none. */
async function openInBrowser(world: World, dataDir: string, interrupted: Promise<void>): Promise<void> {
  const settings = { ...world.settings, 'security.workspace.trust.enabled': false };
  const server = await startVSCodeServer({ dataDir, settings, environment: world.environment });
  const payload = [
    ['extensionDevelopmentPath', `vscode-remote://${server.authority}${root}`],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: world.sample.folder, payload: JSON.stringify(payload) });
  const url = `${server.url}/?${query}`;
  console.log(`\nOpen this address in a browser:\n\n${url}\n\nPress Ctrl+C here to end everything.`);
  openBrowser(url);
  await interrupted;
  await server.stop();
}

function openBrowser(url: string): ChildProcess | undefined {
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  if (!hasDisplay) return undefined;
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('No browser could be opened from here.'));
  child.unref();
  return child;
}
