import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A copy of the built extension as a package holds it, so that a later build does not pull files from under a window. */
export interface StagedExtension extends Disposable {
  readonly path: string;
}

/** Copies what `vsce package` would take. Needs a build. */
export function stageExtension(): StagedExtension {
  const path = mkdtempSync(join(tmpdir(), 'dursor-extension-'));
  for (const name of ['package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist', 'media']) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(path, name), { recursive: true });
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
