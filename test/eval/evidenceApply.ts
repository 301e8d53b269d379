import { spawnSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cleanEnvironment } from '../../src/core/workspace/gitProcess.ts';
import type { Files } from './evidenceTaskParts.ts';

/** Puts files into a folder, over what is there. */
export function layFiles(files: Files, into: string): void {
  mkdirSync(into, { recursive: true });
  if ('folder' in files) cpSync(files.folder, into, { recursive: true, verbatimSymlinks: true });
  for (const [path, text] of Object.entries('texts' in files ? files.texts : {})) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  }
}

/** Plain files, by path with forward slashes; not those of Git's own folder. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/(?:^|\/)\.git(?:\/|$)/.test(path) && lstatSync(join(folder, path)).isFile());
}

/** Undefined where the patch went in, else what git says. An empty one goes into anything. */
export function applyPatch(folder: string, text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', `-p${depthOf(text)}`, '-'], {
    cwd: folder,
    input: text.endsWith('\n') ? text : `${text}\n`,
    encoding: 'utf8',
    env: {
      ...cleanEnvironment(),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CEILING_DIRECTORIES: join(folder, '..'),
    },
  });
  return status === 0 ? undefined : stderr || 'git could not be run';
}

/** How many folders stand before the paths: one, `a/` and `b/`, unless both sides of a file are called the same. */
function depthOf(text: string): 0 | 1 {
  const pairs = [...text.matchAll(/^--- ([^\t\n]+).*\n\+\+\+ ([^\t\n]+)/gm)];
  const isBare = ([, before = '', after = '']: RegExpExecArray) =>
    before === after ||
    (before === '/dev/null' ? !after.startsWith('b/') : after === '/dev/null' && !before.startsWith('a/'));
  return pairs.length > 0 && pairs.every(isBare) ? 0 : 1;
}
