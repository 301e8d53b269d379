import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { startVSCodeHost } from '../support/vscodeHost.ts';
import type { Bench } from './bench.ts';

const root = resolve(import.meta.dirname, '..', '..');
const windows = 5;

/** How long activation takes in the real extension host, and how many bytes of JavaScript it loads. Each figure from a new window. */
export const benchActivation: Bench = async ({ say }) => {
  say('Building for production');
  execFileSync(process.execPath, ['esbuild.config.mjs', '--production', '--tests'], { cwd: root, stdio: 'inherit' });
  const times: number[] = [];
  for (let index = 1; index <= windows; index++) {
    say(`Window ${index} of ${windows}`);
    times.push(await measureWindow());
  }
  times.sort((a, b) => a - b);
  const [fastest = 0, median = 0, slowest = 0] = [times[0], times[Math.floor(windows / 2)], times.at(-1)];
  return {
    windows,
    activationMs: round(median),
    fastestMs: round(fastest),
    slowestMs: round(slowest),
    bytes: staticBytes(join(root, 'dist', 'extension.js')),
  };
};

async function measureWindow(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'dursor-activation-'));
  const said: string[] = [];
  let finish: (code: number) => void = () => {};
  const finished = new Promise<number>((settle) => {
    finish = settle;
  });
  const onPage = async (page: Page) => {
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => said.push(args.join(' ')));
    await page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
  };
  const host = await startVSCodeHost(
    { folder, extension: root, extensionTests: join(root, 'dist', 'test', 'activationProbe.js') },
    onPage,
  );
  try {
    const time = setTimeout(finish, 60_000, -1);
    const code = await finished;
    clearTimeout(time);
    const match = /activation ([\d.]+) ms/.exec(said.join('\n'));
    if (code !== 0 || !match) throw new Error(`The window ended with ${code}.\n${said.join('\n')}`);
    return Number(match[1]);
  } finally {
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bytes of a module and of all that it imports statically; what is imported dynamically loads later. */
function staticBytes(entry: string, seen = new Set<string>()): number {
  if (seen.has(entry)) return 0;
  seen.add(entry);
  const imports = readFileSync(entry, 'utf8').matchAll(
    /(?:^|[;}\s])(?:import|export)\s*[^"'()]*?from?\s*["'](\.[^"']+)["']/g,
  );
  return [...imports].reduce(
    (sum, [, path = '']) => sum + staticBytes(join(dirname(entry), path), seen),
    statSync(entry).size,
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
