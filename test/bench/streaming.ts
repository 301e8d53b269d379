import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CDPSession, Frame } from 'playwright-core';
import { DursorWindow } from '../support/dursorWindow.ts';
import { stageExtension } from '../support/stagedExtension.ts';
import { startVSCodeHost } from '../support/vscodeHost.ts';
import type { Bench } from './bench.ts';
import { round } from './figures.ts';
import { isolateWebviews, isolatingArgument } from './ownProcess.ts';
import { startTokenService, type TokenService } from './tokenService.ts';

const root = resolve(import.meta.dirname, '..', '..');
const pace = { tokensPerSecond: 100, seconds: 24 };
const settleMs = 3_000;
const measureMs = 8_000;

/**
 * What the task view costs while runs stream text, and how soon their newest text is on screen, in the real VS Code. The webview has a
 * process of its own, as on the desktop. `streamCpuShare` is the CPU time of that whole process (page, compositor, workers; without the
 * workbench, the extension host and the browser's own processes) as a share of one core; `streamMainThreadShare` is what its main thread
 * does of that. `newestText…Ms` is from writing a token to the wire until the frame with it has been drawn, over all tokens. The two are
 * measured one after the other, so that watching the text costs nothing in the first.
 */
export const benchStreaming: Bench = async ({ runs, say }) => {
  say('Building for production');
  execFileSync(process.execPath, ['esbuild.config.mjs', '--production'], { cwd: root, stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'dursor-streaming-'));
  writeFileSync(join(folder, 'README.md'), 'A folder to look at.\n');
  const models = Array.from({ length: runs }, (_value, index) => `m${index}`);
  await using service = await startTokenService(pace);
  using extension = stageExtension();
  try {
    await using host = await startVSCodeHost(
      {
        folder,
        extension: extension.path,
        size: { width: 1440, height: 1300 },
        browserArguments: [isolatingArgument],
        settings: { 'dursor.models': models.map((model) => profileOf(model, service)), 'dursor.maxParallelRuns': runs },
      },
      isolateWebviews,
    );
    const window = new DursorWindow(host.workbench);
    const view = await window.open();
    // VS Code puts the page into a frame of the webview's own frame.
    const session = await host.page.context().newCDPSession(view.parentFrame() ?? view);
    await session.send('Performance.enable', { timeDomain: 'timeTicks' });
    await host.page.waitForTimeout(settleMs);
    const idle = await usage(session, measureMs / 2);
    say(`${runs} runs, ${pace.tokensPerSecond} tokens a second each`);
    await window.run('Tell me a long story', models);
    await host.page.waitForTimeout(settleMs);
    const streaming = await usage(session, measureMs);
    const seen = await watchText(view, measureMs);
    const delays = delaysOf(seen, service.sent);
    return {
      runs,
      tokensPerSecond: pace.tokensPerSecond,
      streamCpuShare: streaming.process,
      streamMainThreadShare: streaming.mainThread,
      idleCpuShare: idle.process,
      streamDetail: streaming.detail,
      newestTextMs: { median: at(delays, 0.5), p95: at(delays, 0.95), slowest: at(delays, 1), tokens: delays.length },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function profileOf(model: string, service: TokenService) {
  return { id: model, provider: 'openai-compatible', model, label: model.toUpperCase(), baseUrl: service.baseUrl };
}

/** The shares of a core that a webview's process and its main thread use during this time. */
async function usage(session: CDPSession, milliseconds: number) {
  const before = await metrics(session);
  await new Promise((settle) => setTimeout(settle, milliseconds));
  const after = await metrics(session);
  const wall = after.of('Timestamp') - before.of('Timestamp');
  const share = (name: string) => round((after.of(name) - before.of(name)) / wall, 10_000);
  return {
    process: share('ProcessTime'),
    mainThread: share('ThreadTime'),
    detail: {
      script: share('ScriptDuration'),
      style: share('RecalcStyleDuration'),
      layout: share('LayoutDuration'),
      tasks: share('TaskDuration'),
      layoutsPerSecond: round((after.of('LayoutCount') - before.of('LayoutCount')) / wall),
    },
  };
}

/** Chromium's figures of a page; times are in seconds. */
async function metrics(session: CDPSession) {
  const { metrics: list } = await session.send('Performance.getMetrics');
  const values = new Map(list.map(({ name, value }) => [name, value]));
  return {
    of(name: string): number {
      const value = values.get(name);
      if (value === undefined) throw new Error(`Chromium has no figure ${name}; it has ${[...values.keys()].join()}`);
      return value;
    },
  };
}

/** A token that was on screen at a time (milliseconds since the epoch), the newest of its run. */
type Sighting = readonly [model: string, number: number, at: number];

/** Notes which token each card ends with whenever a frame with a change has been drawn. */
async function watchText(view: Frame, milliseconds: number): Promise<readonly Sighting[]> {
  await view.evaluate(watcher);
  await new Promise((settle) => setTimeout(settle, milliseconds));
  return (await view.evaluate('window.stopWatching()')) as Sighting[];
}

const watcher = `{
  const seen = [];
  let isWaiting = false;
  const look = () => {
    isWaiting = false;
    const at = Date.now();
    for (const card of document.querySelectorAll('[data-testid="run-card"]')) {
      const newest = / ([0-9a-z]{3})$/.exec(card.querySelector('.stream')?.textContent.trimEnd() ?? '');
      if (newest) seen.push([card.dataset.model, parseInt(newest[1], 36), at]);
    }
  };
  // A message that is sent before a frame is drawn arrives after it.
  const drawn = new MessageChannel();
  drawn.port1.onmessage = look;
  const observer = new MutationObserver(() => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => drawn.port2.postMessage(0));
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  window.stopWatching = () => {
    observer.disconnect();
    return seen;
  };
}`;

/** How long each token took until it was seen, in milliseconds and sorted. Tokens from before the first sighting don't count. */
function delaysOf(seen: readonly Sighting[], sent: TokenService['sent']): readonly number[] {
  const newest = new Map<string, number>();
  const delays: number[] = [];
  for (const [model, number, at] of seen) {
    const known = newest.get(model) ?? number;
    newest.set(model, Math.max(known, number));
    for (let token = known + 1; token <= number; token++) {
      const sentAt = sent.get(model)?.[token];
      if (sentAt === undefined) throw new Error(`Token ${token} of ${model} was seen and never sent.`);
      delays.push(at - sentAt);
    }
  }
  if (delays.length === 0) throw new Error('No new text was seen while the runs streamed.');
  return delays.sort((a, b) => a - b);
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
