import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { startVSCodeHost, type VSCodeHostOptions } from './vscodeHost.ts';

/** Runs a tests module in the extension host, passes on what it logs, and returns the exit code it asked for. */
export async function runExtensionTests(
  options: VSCodeHostOptions & { readonly extensionTests: string; readonly timeout?: number },
  onLog: (line: string) => void,
): Promise<number> {
  let finish: (code: number) => void = () => {};
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const onPage = async (page: Page) => {
    await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
      // Errors and warnings are the workbench's own; what tests print is none of them.
      if (type !== 'error' && type !== 'warn') onLog(format(...args));
    });
    await page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
  };
  await using _host = await startVSCodeHost(options, onPage);
  const timer = setTimeout(() => {
    onLog('The tests did not end in time.');
    finish(2);
  }, options.timeout ?? 300_000);
  const code = await finished;
  clearTimeout(timer);
  return code;
}
