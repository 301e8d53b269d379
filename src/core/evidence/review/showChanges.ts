import { cut } from '../../words.ts';
import { isWrittenByTools } from './generatedFiles.ts';
import type { DiffLine } from './lineDiff.ts';
import { withVisibleCharacters } from './plainText.ts';
import type { ReviewedFile } from './readCandidates.ts';
import type { StyleTells } from './styleTells.ts';

/** Unchanged lines shown around a change. */
const contextLines = 3;
const maxLine = 1_000;
/** Of a file that changes in more lines than this, the rest is only counted. */
const maxLines = 3_000;
/** The same for a file that a tool writes: nobody reviews it, and it is often longer than everything else. */
const maxGeneratedLines = 40;

const kinds: Readonly<Record<ReviewedFile['kind'], string>> = {
  added: 'added',
  modified: 'changed',
  deleted: 'deleted',
  renamed: 'moved',
};

/** What a candidate changed, as a reviewer sees it: a text for each file, each line with its numbers in the base and in the candidate's file. */
export function showChanges(files: readonly ReviewedFile[], tells: StyleTells): readonly string[] {
  if (files.length === 0) return ['(changes nothing)'];
  return files.map((file) => showFile(file, tells));
}

function showFile(file: ReviewedFile, tells: StyleTells): string {
  const from = file.basePath === undefined ? '' : ` from ${shownPath(file.basePath)}`;
  const about = [`${kinds[file.kind]}${from}`, ...file.notes].join('; ');
  return [`File ${shownPath(file.path)} (${about})`, ...showLines(file, tells)].join('\n');
}

function showLines({ path, lines }: ReviewedFile, tells: StyleTells): readonly string[] {
  const isNear = nearChanges(lines);
  const shown: string[] = [];
  let isGap = false;
  for (const [index, line] of lines.entries()) {
    if (isNear[index] === 0) {
      isGap = true;
      continue;
    }
    if (isGap && shown.length > 0) shown.push('            …');
    isGap = false;
    shown.push(showLine(line, path, tells));
  }
  const most = isWrittenByTools(path) ? maxGeneratedLines : maxLines;
  const more = shown.length - most;
  return more <= 0 ? shown : [...shown.slice(0, most), `(${more} more lines of this file are not shown)`];
}

function showLine({ type, oldLine, newLine, text }: DiffLine, path: string, tells: StyleTells): string {
  const numbers = [oldLine, newLine].map((line) => String(line ?? '').padStart(5)).join(' ');
  const sign = { same: ' ', added: '+', removed: '-' }[type];
  const known = type === 'added' ? tells.hide(text, path) : text;
  return `${numbers} ${sign}${withVisibleCharacters(cut(known, maxLine))}`;
}

/** For each line whether it is changed or close to one that is. */
function nearChanges(lines: readonly DiffLine[]): Uint8Array {
  const isNear = new Uint8Array(lines.length);
  for (const [index, { type }] of lines.entries()) {
    if (type !== 'same') isNear.fill(1, Math.max(0, index - contextLines), index + contextLines + 1);
  }
  return isNear;
}

/** A path on one line: names may hold anything. */
export function shownPath(path: string): string {
  return /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(path) ? JSON.stringify(path) : path;
}
