/**
 * Takes the arguments of a desktop VS Code that `@vscode/test-electron` starts, and runs the same in the server and a
 * headless browser. So one test entry serves both.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runExtensionTests } from './extensionTests.ts';

const value = (name: string) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

const extension = value('extensionDevelopmentPath');
const extensionTests = value('extensionTestsPath');
if (extension === undefined || extensionTests === undefined) {
  console.error('Both --extensionDevelopmentPath and --extensionTestsPath are needed.');
  process.exit(2);
}
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const empty = mkdtempSync(join(tmpdir(), 'dursor-empty-'));
try {
  process.exitCode = await runExtensionTests({ folder: folder ?? empty, extension, extensionTests }, console.log);
} finally {
  rmSync(empty, { recursive: true, force: true });
}
