import * as vscode from 'vscode';

/** Runs inside the extension host: activates dursor and logs how long that took, in milliseconds. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('dursor.dursor');
  if (!extension) throw new Error('dursor is not installed');
  if (extension.isActive) throw new Error('dursor was active already');
  const started = performance.now();
  await extension.activate();
  console.log(`activation ${performance.now() - started} ms`);
}
