import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startChromium } from './chromium.ts';
import { startVSCodeServer, type VSCodeServer } from './vscodeServer.ts';
import { Workbench } from './workbench.ts';

export interface VSCodeHostOptions {
  /** The folder to open; none for an empty window. */
  readonly folder?: string;
  /** Fills the extension's global storage (an absolute path) before VS Code starts, and answers with the folder to open. */
  readonly prepare?: (globalStorage: string) => Promise<string>;
  /** The extension under development: a folder with a package.json. */
  readonly extension: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** False keeps Restricted Mode and its questions. */
  readonly trusted?: boolean;
  /** A module that exports `run()`; the window then runs it and ends. */
  readonly extensionTests?: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** More arguments of the browser. */
  readonly browserArguments?: readonly string[];
}

/** A real VS Code window in a headless browser, with an extension under development in it. */
export interface VSCodeHost extends AsyncDisposable {
  readonly page: Page;
  readonly workbench: Workbench;
  readonly server: VSCodeServer;
  /** What the extension host and the extension's output channels have logged, by file. */
  logs(): Promise<ReadonlyMap<string, string>>;
  /** Opens a second window on the same server and user data. */
  openWindow(folder?: string): Promise<Workbench>;
  /** Ends everything that was started and removes its files. */
  stop(): Promise<void>;
}

/** Where the window is opened, with what VS Code calls its payload. */
function windowUrl(server: VSCodeServer, options: VSCodeHostOptions, folder = options.folder): string {
  const remote = (path: string) => `vscode-remote://${server.authority}${pathToFileURL(path).pathname}`;
  const payload = [
    ['extensionDevelopmentPath', remote(options.extension)],
    ['skipWelcome', 'true'],
    ...(options.extensionTests === undefined ? [] : [['extensionTestsPath', remote(options.extensionTests)]]),
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (folder === undefined) query.set('ew', 'true');
  else query.set('folder', folder);
  return `${server.url}/?${query}`;
}

/** What a test module that runs inside the extension host reports back. */
export interface TestsOutcome {
  readonly exitCode: number;
}

/** Starts server and browser and opens the window. `onPage` sees the page before it loads. */
export async function startVSCodeHost(
  options: VSCodeHostOptions,
  onPage: (page: Page) => Promise<void> = async () => {},
): Promise<VSCodeHost> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dursor-host-'));
  const settings = {
    'security.workspace.trust.enabled': options.trusted === false,
    'workbench.colorTheme': 'Dark Modern',
    ...options.settings,
  };
  let server: VSCodeServer | undefined;
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close().catch(() => {});
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const folder = (await options.prepare?.(join(dataDir, 'data/User/globalStorage/dursor.dursor'))) ?? options.folder;
    server = await startVSCodeServer({ dataDir, settings, environment: options.environment ?? {} });
    browser = await startChromium(options.browserArguments);
    const context = await browser.newContext({ viewport: options.size ?? { width: 1440, height: 900 } });
    const page = await openPage(context, windowUrl(server, options, folder), onPage);
    const workbench = new Workbench(page);
    const running = server;
    if (options.extensionTests === undefined) await workbench.ready();
    return {
      page,
      workbench,
      server,
      logs: () => readLogs(join(dataDir, 'data', 'logs')),
      openWindow: async (folder) => {
        const other = new Workbench(await openPage(context, windowUrl(running, options, folder), onPage));
        await other.ready();
        return other;
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openPage(context: BrowserContext, url: string, onPage: (page: Page) => Promise<void>): Promise<Page> {
  const page = await context.newPage();
  await onPage(page);
  await page.goto(url);
  return page;
}

async function readLogs(folder: string): Promise<ReadonlyMap<string, string>> {
  const logs = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    logs.set(path.slice(folder.length + 1), await readFile(path, 'utf8').catch(() => ''));
  }
  return logs;
}
