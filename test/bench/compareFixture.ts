import { createTwoFilesPatch } from 'diff';
import type { FileChange, ObjectName } from '../../src/core/domain.ts';

/** One candidate's version of every file that it changes. */
export type Version = ReadonlyMap<string, string>;

/** A base and what candidates make of it. */
export interface Fixture {
  readonly base: Version;
  readonly candidates: readonly Version[];
}

export interface FixtureSize {
  readonly candidates: number;
  readonly files: number;
  readonly lines: number;
  /** In each file of each candidate. */
  readonly changes: number;
}

/**
 * Files of `lines` lines, in which every candidate makes `changes` changes: half of them the same for all, a quarter the same for
 * some, the rest its own. The same each time.
 */
export function makeFixture({ candidates, files, lines, changes }: FixtureSize): Fixture {
  const random = generator(7);
  const base = new Map<string, string>();
  const versions = Array.from({ length: candidates }, () => new Map<string, string>());
  for (let file = 0; file < files; file++) {
    const path = `src/part${file % 20}/file${file}.ts`;
    const original = Array.from({ length: lines }, (_value, line) => lineOf(file, line));
    base.set(path, joined(original));
    const shared = Array.from({ length: changes }, () => Math.floor(random() * lines));
    for (const [column, version] of versions.entries()) {
      const own = shared.map((line, index) => (index % 4 === 3 ? Math.floor(random() * lines) : line));
      const text = [...original];
      for (const [index, line] of own.entries()) {
        const who = index % 2 === 0 ? 'all' : index % 4 === 1 ? `pair ${column % 3}` : `candidate ${column}`;
        text[line] = `${lineOf(file, line)} // as ${who} wants it`;
        if (index % 5 === 0) text[line] += `\n  log('added by ${who}', ${index});`;
      }
      version.set(path, joined(text));
    }
  }
  return { base, candidates: versions };
}

/** A version's unified diff against the base, as git writes it but for the object names. */
export function patchOf(base: Version, version: Version): string {
  const name = '0'.repeat(40);
  return [...version]
    .map(([path, text]) => {
      const body = createTwoFilesPatch(`a/${path}`, `b/${path}`, base.get(path) ?? '', text, '', '', { context: 3 });
      const hunks = body.slice(body.indexOf('--- ')).replaceAll(/^(---|\+\+\+) (.*)\t$/gm, '$1 $2');
      return `diff --git a/${path} b/${path}\nindex ${name}..${'1'.repeat(40)} 100644\n${hunks}`;
    })
    .join('');
}

/** What a run says of the patch. */
export function changesOf(version: Version, column: number): readonly FileChange[] {
  return [...version.keys()].map((path, index) => {
    const file = { path, mode: '100644' } as const;
    const blob = `${(index + 1).toString(16).padStart(20, '0')}${column.toString(16).padStart(20, '0')}`;
    return {
      kind: 'modified',
      base: { ...file, blob: '0'.repeat(40) as ObjectName },
      after: { ...file, blob: blob as ObjectName },
    };
  });
}

function lineOf(file: number, line: number): string {
  const indent = '  '.repeat(line % 4);
  return line % 9 === 0 ? '' : `${indent}const value${line} = compute(${file}, ${line * 7}, 'text ${line % 13}');`;
}

function joined(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** Numbers between 0 and 1, always the same (the minimal standard generator of Park and Miller). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
