/** Runs the tests of test/host inside VS Code: the desktop build named by VSCODE_EXECUTABLE, or the server in a browser. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = resolve(import.meta.dirname, '../..');
// Not in the temporary folder: the tests load mocha from node_modules above them.
const staged = mkdtempSync(join(root, '.vscode-test/host-'));
const folder = mkdtempSync(join(tmpdir(), 'dursor-host-folder-'));
try {
  for (const name of ['dist', 'media']) cpSync(join(root, name), join(staged, name), { recursive: true });
  stageManifest();
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

/** The manifest, with a vendor of language models that the tests play. */
function stageManifest(): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { contributes: object };
  const languageModelChatProviders = [{ vendor: 'dursor-test', displayName: 'Test' }];
  const contributes = { ...manifest.contributes, languageModelChatProviders };
  writeFileSync(join(staged, 'package.json'), JSON.stringify({ ...manifest, contributes }));
}
