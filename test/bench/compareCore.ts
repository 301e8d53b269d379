import { createRequire } from 'node:module';
import { structuredPatch } from 'diff';
import { html, parse } from 'diff2html';
import { agreementOf } from '../../src/core/compare/agreement.ts';
import { compareCandidates, compareInTurns } from '../../src/core/compare/compareCandidates.ts';
import type { RunId } from '../../src/core/domain.ts';
import type { BenchOptions } from './bench.ts';
import { changesOf, type Fixture, type FixtureSize, makeFixture, patchOf } from './compareFixture.ts';
import { round } from './figures.ts';

const repeats = 7;

/** One long file, and many files. */
const sizes: Readonly<Record<string, FixtureSize>> = {
  longFile: { candidates: 10, files: 1, lines: 10_000, changes: 200 },
  manyFiles: { candidates: 10, files: 500, lines: 200, changes: 6 },
};

/**
 * Regions and agreement of ten candidates out of their patches, and beside it what others do with the same: VS Code's own diff
 * computation (as `monaco-editor` ships it) and the `diff` package from both texts, and diff2html from the same patches.
 */
export async function measureRegions({ say }: BenchOptions): Promise<Record<string, unknown>> {
  const figures: Record<string, unknown> = {};
  for (const [name, size] of Object.entries(sizes)) {
    say(`Regions of ${size.candidates} candidates × ${size.files} files of ${size.lines} lines`);
    figures[name] = await measure(makeFixture(size));
  }
  return figures;
}

async function measure({ base, candidates }: Fixture): Promise<Record<string, number>> {
  const patches = candidates.map((version) => patchOf(base, version));
  const compared = candidates.map((version, column) => ({
    type: 'run' as const,
    id: `run${column}` as RunId,
    changes: changesOf(version, column),
    patch: patches[column] ?? '',
  }));
  const columns = candidates.map((_version, column) => column);
  const options = { ignoreFormatting: false };
  const regions = () => agreementOf(compareCandidates(compared, options), columns);
  const first = timed(regions);
  const ours = median(() => timed(regions));
  const diffPackage = timed(() => {
    for (const version of candidates)
      for (const [path, text] of version) structuredPatch('', '', base.get(path) ?? '', text);
  });
  const vsCode = await measureVSCode({ base, candidates });
  const diff2html = timed(() => {
    for (const patch of patches) html(parse(patch), { outputFormat: 'side-by-side', drawFileList: false });
  });
  const diff2htmlParse = timed(() => {
    for (const patch of patches) parse(patch);
  });
  return {
    candidates: candidates.length,
    files: base.size,
    patchBytes: patches.reduce((sum, patch) => sum + patch.length, 0),
    regionsFirstMs: round(first),
    regionsMs: round(ours),
    longestStretchMs: round(await longestStretch(() => compareInTurns(compared, options, nextTurn))),
    vsCodeDiffMs: round(vsCode),
    diffPackageMs: round(diffPackage),
    diff2htmlMs: round(diff2html),
    diff2htmlParseOnlyMs: round(diff2htmlParse),
    ratioToVSCodeDiff: round(vsCode / ours),
    ratioToDiffPackage: round(diffPackage / ours),
    ratioToDiff2html: round(diff2html / ours),
  };
}

interface LinesDiffComputer {
  computeDiff(original: readonly string[], modified: readonly string[], options: object): { readonly changes: unknown };
}

/** As the diff editor asks for it; the time to split the texts isn't counted. */
async function measureVSCode({ base, candidates }: Fixture): Promise<number> {
  const path = 'monaco-editor/editor/common/diff/defaultLinesDiffComputer/defaultLinesDiffComputer.js';
  const { DefaultLinesDiffComputer } = createRequire(import.meta.url)(path) as {
    DefaultLinesDiffComputer: new () => LinesDiffComputer;
  };
  const computer = new DefaultLinesDiffComputer();
  const options = { ignoreTrimWhitespace: false, maxComputationTimeMs: 0, computeMoves: false };
  const lines = new Map([...base].map(([file, text]) => [file, text.split('\n')]));
  const pairs = candidates.flatMap((version) =>
    [...version].map(([file, text]) => [lines.get(file) ?? [], text.split('\n')] as const),
  );
  return timed(() => {
    for (const [original, modified] of pairs) computer.computeDiff(original, modified, options);
  });
}

/** The longest time in which nothing else had a turn, in milliseconds. */
async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let isWorking = true;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isWorking) setImmediate(tick);
  };
  setImmediate(tick);
  await nextTurn();
  await work();
  await nextTurn();
  isWorking = false;
  return longest;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function median(measureOnce: () => number): number {
  const times = Array.from({ length: repeats }, measureOnce).sort((a, b) => a - b);
  return times[Math.floor(repeats / 2)] ?? 0;
}
