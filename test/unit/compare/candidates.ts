import { createHash } from 'node:crypto';
import { structuredPatch } from 'diff';
import fc from 'fast-check';
import type { ComparedCandidate } from '../../../src/core/compare/candidateFiles.ts';
import { compareCandidates } from '../../../src/core/compare/compareCandidates.ts';
import { composedText, linesOfText } from '../../../src/core/compare/handEdit.ts';
import type { RoundComparison } from '../../../src/core/comparison.ts';
import type { ComposedFile } from '../../../src/core/composition.ts';
import type { CandidateId, FileChange, FileVersion, ObjectName } from '../../../src/core/domain.ts';

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

export interface Versions {
  readonly base: Files;
  readonly candidates: readonly Files[];
}

/** A run that makes these files of the base's. */
export function runOf(base: Files, after: Files, id = 'run'): ComparedCandidate {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(after)])].sort();
  const changed = paths.filter((path) => base[path] !== after[path]);
  const texts = changed.map((path) => [path, base[path], after[path]] as const);
  return {
    type: 'run',
    id: id as CandidateId,
    changes: texts.map(([path, before, now]) => changeOf(path, before, now)),
    patch: texts.map(([path, before, now]) => partOf(path, before, now)).join(''),
  };
}

export function compare({ base, candidates }: Versions, ignoreFormatting = false): RoundComparison {
  const runs = candidates.map((files, column) => runOf(base, files, `run${column}`));
  return compareCandidates(runs, { ignoreFormatting });
}

/** The files that a composition makes of the base's. */
export function filesOf(base: Files, composed: readonly ComposedFile[]): Files {
  const files = { ...base };
  for (const { key, result } of composed) {
    if (result.type === 'whole') throw new Error(`${key} is no text`);
    delete files[key];
    if (result.place) files[result.place.path] = composedText(base[key] ?? '', result.edits);
  }
  return files;
}

/** Lines that come again and again, with all kinds of ends; the last one may have none. */
const line = fc.constantFrom(
  'a\n',
  'b\n',
  'c\r\n',
  'd\re\n',
  '\n',
  '\r\n',
  '  }\n',
  '+++ b/x\n',
  '-- x\n',
  'diff --git a/x b/x\n',
);
const lines = fc.array(line, { maxLength: 12 });
const text = fc
  .tuple(lines, fc.constantFrom('', '', 'end', '\\ No newline at end of file'))
  .map(([start, end]) => start.join('') + end);

/** What is done to a text: at which line (modulo its length), how many lines go, and which come. */
const change = fc.record({ at: fc.nat(), remove: fc.nat(3), insert: fc.array(line, { maxLength: 3 }) });

function editedText(before: string): fc.Arbitrary<string> {
  const edited = fc.array(change, { maxLength: 4 }).map((changes) => {
    const now = linesOfText(before);
    for (const { at, remove, insert } of changes) {
      now.splice(at % (now.length + 1), remove, ...insert);
    }
    return now.join('');
  });
  return fc.oneof({ weight: 6, arbitrary: edited }, { weight: 1, arbitrary: text });
}

const paths = ['a.ts', 'b/c.ts', 'empty', 'with space'];

/** A base, and candidates that change, add and delete files of it. */
export function versions(count: fc.Arbitrary<number> = fc.integer({ min: 1, max: 10 })): fc.Arbitrary<Versions> {
  const base = fc
    .record({ 'a.ts': text, 'b/c.ts': text, empty: fc.constant('') }, { requiredKeys: [] })
    .map((files) => ({ ...files }) as Files);
  return fc.tuple(base, count).chain(([files, candidates]) =>
    fc.record({
      base: fc.constant(files),
      candidates: fc.array(versionOf(files), { minLength: candidates, maxLength: candidates }),
    }),
  );
}

function versionOf(base: Files): fc.Arbitrary<Files> {
  const entries = paths.map((path) => {
    const before = base[path];
    const now =
      before === undefined
        ? fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: text })
        : fc.oneof(
            { weight: 1, arbitrary: fc.constant(undefined) },
            { weight: 2, arbitrary: fc.constant(before) },
            { weight: 6, arbitrary: editedText(before) },
          );
    return now.map((content) => [path, content] as const);
  });
  return fc
    .tuple(...entries)
    .map((files) => Object.fromEntries(files.flatMap(([path, now]) => (now === undefined ? [] : [[path, now]]))));
}

function changeOf(path: string, before: string | undefined, now: string | undefined): FileChange {
  const base = versionOfText(path, before);
  const after = versionOfText(path, now);
  const kind = base ? (after ? 'modified' : 'deleted') : 'added';
  const all = structuredPatch('', '', before ?? '', now ?? '').hunks.flatMap((hunk) => hunk.lines);
  const count = (mark: string) => all.filter((changed) => changed.startsWith(mark)).length;
  return {
    kind,
    ...(base && { base }),
    ...(after && { after }),
    lines: { added: count('+'), removed: count('-') },
  };
}

function versionOfText(path: string, content: string | undefined): FileVersion | undefined {
  if (content === undefined) return undefined;
  return { path, mode: '100644', blob: createHash('sha1').update(content).digest('hex') as ObjectName };
}

function partOf(path: string, before: string | undefined, now: string | undefined): string {
  const { hunks } = structuredPatch('', '', before ?? '', now ?? '', '', '', { context: 3 });
  const state = before === undefined ? 'new file mode 100644\n' : now === undefined ? 'deleted file mode 100644\n' : '';
  const sides = `--- ${before === undefined ? '/dev/null' : `a/${path}`}\n+++ ${now === undefined ? '/dev/null' : `b/${path}`}\n`;
  const body = hunks.map((hunk) => {
    const range = (start: number, length: number) => `${length === 0 ? start - 1 : start},${length}`;
    const header = `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`;
    return `${[header, ...hunk.lines].join('\n')}\n`;
  });
  return `diff --git a/${path} b/${path}\n${state}${hunks.length > 0 ? sides : ''}${body.join('')}`;
}
