/** Runs the tests of test/host inside VS Code: the desktop build named by VSCODE_EXECUTABLE, or the server in a browser. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = resolve(import.meta.dirname, '../..');
// Not in the temporary folder: the tests load mocha from node_modules above them.
const staged = mkdtempSync(join(root, '.vscode-test/host-'));
const folder = mkdtempSync(join(tmpdir(), 'dursor-host-folder-'));
try {
  for (const name of ['package.json', 'dist', 'media'])
    cpSync(join(root, name), join(staged, name), { recursive: true });
  process.exitCode = await runTests({
    vscodeExecutablePath: process.env.VSCODE_EXECUTABLE ?? join(import.meta.dirname, 'vscode-launcher'),
    extensionDevelopmentPath: staged,
    extensionTestsPath: join(staged, 'dist/test/index.js'),
    launchArgs: [folder],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  for (const path of [staged, folder]) rmSync(path, { recursive: true, force: true });
}
