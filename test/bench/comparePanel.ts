import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { DursorWindow } from '../support/dursorWindow.ts';
import { type Act, type Seed, type SeededRound, seedRound } from '../support/seededRound.ts';
import { stageExtension } from '../support/stagedExtension.ts';
import { startVSCodeHost } from '../support/vscodeHost.ts';
import type { BenchOptions } from './bench.ts';
import { type Fixture, makeFixture } from './compareFixture.ts';
import { round } from './figures.ts';

/** What the functions that run in the page use of it; the rest of this file has no page. */
interface PageElement {
  scrollTop: number;
  readonly scrollHeight: number;
  click(): void;
  getElementsByTagName(name: string): { readonly length: number };
}
declare const document: { querySelector(selector: string): PageElement | null };
declare function requestAnimationFrame(step: (now: number) => void): void;

const root = resolve(import.meta.dirname, '..', '..');
const opens = 5;
/** A window that was just opened goes on starting for some seconds. */
const settlingMs = 10_000;

/** How quickly the compare panel shows something of use, and how smoothly its aligned view scrolls, in the real VS Code. */
export async function measurePanel({ say }: BenchOptions): Promise<Record<string, unknown>> {
  say('Building for production');
  execFileSync(process.execPath, ['esbuild.config.mjs', '--production'], { cwd: root, stdio: 'inherit' });
  const small = makeFixture({ candidates: 4, files: 50, lines: 200, changes: 6 });
  const large = makeFixture({ candidates: 10, files: 500, lines: 200, changes: 6 });
  const long = makeFixture({ candidates: 10, files: 1, lines: 20_000, changes: 400 });
  return {
    open4x50: await inWindow(small, say, measureOpening),
    open10x500: await inWindow(large, say, measureOpening),
    scroll10x20000: await inWindow(long, say, measureScrolling),
  };
}

/** Opens VS Code on a task whose runs made the fixture's versions, and shows that task. */
async function inWindow<T>(
  fixture: Fixture,
  say: (line: string) => void,
  measure: (page: Page, window: DursorWindow) => Promise<T>,
): Promise<T> {
  const { candidates, base } = fixture;
  say(`A window with ${candidates.length} candidates × ${base.size} files`);
  using extension = stageExtension();
  let seeded: SeededRound | undefined;
  try {
    await using host = await startVSCodeHost({
      extension: extension.path,
      size: { width: 1600, height: 1000 },
      prepare: async (storage) => {
        seeded = await seedRound(seedOf(fixture), storage);
        return seeded.folder;
      },
    });
    const window = new DursorWindow(host.workbench);
    const view = await window.open();
    await view.getByTestId('task-row').first().click();
    await view.getByTestId('open-compare').first().waitFor();
    await host.page.waitForTimeout(settlingMs);
    return await measure(host.page, window);
  } finally {
    await seeded?.[Symbol.asyncDispose]();
  }
}

function seedOf({ base, candidates }: Fixture): Seed {
  const acts = candidates.map((version, column): [string, Act[]] => [
    `Model ${column}`,
    [...version].map(([path, content]): Act => ['write_file', { path, content }]),
  ]);
  return { instruction: 'Make the change', base, candidates: new Map(acts) };
}

/**
 * From the click on Compare until candidates and files are drawn. The first time the extension's code and the page are read too.
 */
async function measureOpening(page: Page, window: DursorWindow): Promise<Record<string, number>> {
  const times: number[] = [];
  for (let index = 0; index <= opens; index++) {
    times.push(await openOnce(page, window));
    await window.workbench.closeEditors();
  }
  const [first = 0, ...others] = times;
  others.sort((a, b) => a - b);
  return { firstMs: first, medianMs: others[Math.floor(opens / 2)] ?? 0, slowestMs: others.at(-1) ?? 0 };
}

async function openOnce(page: Page, window: DursorWindow): Promise<number> {
  const view = await window.taskView();
  const known = new Set(page.frames());
  const clicked = await view.evaluate(() => {
    const now = Date.now();
    document.querySelector('[data-testid="open-compare"]')?.click();
    return now;
  });
  for (;;) {
    for (const frame of page.frames()) {
      if (known.has(frame)) continue;
      const painted = await frame.evaluate(watchPaint).catch(() => undefined);
      if (painted !== undefined) return painted - clicked;
    }
    await new Promise((settle) => setTimeout(settle, 5));
    if (Date.now() - clicked > 60_000) throw new Error('The compare panel did not open');
  }
}

/** In the page: when the first rows of files or places had been drawn. Undefined while there are none. */
function watchPaint(): Promise<number> | undefined {
  const isThere = () =>
    document.querySelector('[data-testid="candidate"]') &&
    document.querySelector('[data-testid="file-row"], [data-testid="place"], [data-testid="region"]');
  if (!isThere()) return undefined;
  return new Promise((settle) => {
    requestAnimationFrame(() => requestAnimationFrame(() => settle(Date.now())));
  });
}

async function measureScrolling(_page: Page, window: DursorWindow): Promise<Record<string, number>> {
  const panel = await window.openCompare();
  await panel.getByTestId('file-name').first().click();
  await panel.getByTestId('region').first().waitFor();
  await panel.getByTestId('unfold').click();
  const before = await memoryOf(panel);
  const frames = await panel.evaluate(scrollThrough, 4000);
  const after = await memoryOf(panel);
  return { ...frames, heapBeforeMB: before, heapAfterMB: after };
}

/** In the page: scrolls by a screenful and a bit every 10 frames, and counts frames. */
async function scrollThrough(milliseconds: number): Promise<Record<string, number>> {
  const stage = document.querySelector('[data-testid="stage"]');
  if (!stage) throw new Error('There is nothing to scroll');
  const times: number[] = [];
  let most = 0;
  const started = performance.now();
  let last = started;
  await new Promise<void>((settle) => {
    const step = (now: number) => {
      times.push(now - last);
      last = now;
      stage.scrollTop += 90;
      most = Math.max(most, stage.getElementsByTagName('*').length);
      if (now - started < milliseconds) requestAnimationFrame(step);
      else settle();
    };
    requestAnimationFrame(step);
  });
  times.sort((a, b) => a - b);
  const sum = times.reduce((total, time) => total + time, 0);
  return {
    framesPerSecond: Math.round((times.length / sum) * 10_000) / 10,
    slowest5PercentMs: Math.round((times[Math.floor(times.length * 0.95)] ?? 0) * 10) / 10,
    mostElements: most,
    scrollHeight: stage.scrollHeight,
  };
}

/** What the page's heap holds after a collection, in megabytes. */
async function memoryOf(frame: Frame): Promise<number> {
  const session = await frame
    .page()
    .context()
    .newCDPSession(frame)
    .catch(() => undefined);
  if (!session) {
    const used = await frame.evaluate(
      () => (performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
    );
    return round(used / 1e6);
  }
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return round(usedSize / 1e6);
}
