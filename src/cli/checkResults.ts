import { writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { CandidateId, ObjectName, RunId } from '../core/domain.ts';
import type { ForeignResults } from '../core/engine/imports.ts';
import type { Engine } from '../core/engine.ts';
import type { Check, CheckRun, RoundEvidence } from '../core/evidence.ts';
import type { BroughtRound } from './bringCandidates.ts';
import { UsageError } from './exitCode.ts';
import { readJson } from './models.ts';

const version = 1;
/** What a check printed is for people who look at the job's own log; a little is enough here. */
const keptOutput = 4_000;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const objectName = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
  v.transform((name) => name as ObjectName),
);
const runId = v.pipe(
  text(100),
  v.transform((id) => id as RunId),
);

const endSchema = v.variant('type', [
  v.object({ type: v.literal('exit'), code: v.pipe(v.number(), v.integer()) }),
  v.object({ type: v.literal('signal'), signal: text(40) }),
  v.object({ type: v.literal('timeout'), seconds: v.number() }),
]);

const runSchema = v.object({
  check: text(80),
  isolation: v.picklist(['docker', 'podman', 'bubblewrap', 'seatbelt', 'none']),
  startedAt: count,
  endedAt: count,
  end: endSchema,
  output: v.object({ head: text(keptOutput), tail: text(keptOutput), omittedBytes: count }),
  tests: v.exactOptional(
    v.pipe(
      v.array(
        v.object({
          name: text(2_000),
          status: v.picklist(['passed', 'failed', 'skipped']),
          file: v.exactOptional(text(1_000)),
          line: v.exactOptional(count),
        }),
      ),
      v.maxLength(200_000),
    ),
  ),
  flaky: v.exactOptional(v.array(text(2_000))),
  reportProblem: v.exactOptional(text(2_000)),
});

const schema = v.object({
  version: v.literal(version),
  runs: v.pipe(v.array(v.object({ tree: objectName, run: runSchema })), v.maxLength(10_000)),
  crossTests: v.pipe(
    v.array(
      v.object({
        testsOf: runId,
        codeOf: runId,
        check: text(80),
        passed: count,
        failed: v.array(text(2_000)),
        ok: v.boolean(),
      }),
    ),
    v.maxLength(10_000),
  ),
});

type StoredRun = v.InferOutput<typeof runSchema>;

/** Writes what checks came to, for another machine to rank by. */
export async function writeResults(path: string, engine: Engine, { roundId, found }: BroughtRound): Promise<void> {
  const { round } = engine.round(roundId);
  // Candidates have the names here that they have in their folders, whatever they are called in this storage.
  const nameOf = (id: CandidateId) => found[round.runs.findIndex((run) => run.id === id)]?.candidate.id ?? id;
  const evidence = engine.evidence.of(roundId);
  const treeOf = (id: string) => round.runs.find((run) => run.id === id)?.tree;
  const base = round.snapshot?.tree;
  const runs = [
    ...(base ? storedRuns(base, evidence.base) : []),
    ...evidence.candidates.flatMap(({ candidate, checks }) => {
      const tree = treeOf(candidate);
      return tree ? storedRuns(tree, checks) : [];
    }),
  ];
  const crossTests = evidence.candidates
    .flatMap((candidate) => candidate.crossTests)
    .map((each) => ({ ...each, codeOf: nameOf(each.codeOf), testsOf: nameOf(each.testsOf) }));
  await writeFile(path, `${JSON.stringify({ version, runs, crossTests })}\n`);
}

/**
 * Reads what `writeResults` wrote. Commands count as those of `checks`, whatever the file says, and results of other checks not at all:
 * the file comes from where a model's code ran. Throws `UsageError`.
 */
export async function readResults(path: string, checks: readonly Check[]): Promise<ForeignResults> {
  const parsed = v.safeParse(schema, await readJson(path, '--results'));
  if (!parsed.success)
    throw new UsageError(`${path} holds no results of this version of dursor. Run dursor check again.`);
  const runs = parsed.output.runs.flatMap(({ tree, run }) => {
    const check = checks.find(({ name }) => name === run.check);
    return check ? [{ tree, run: { ...run, check } }] : [];
  });
  return { runs, crossTests: parsed.output.crossTests };
}

function storedRuns(
  tree: ObjectName,
  checks: RoundEvidence['base'],
): readonly { readonly tree: ObjectName; readonly run: StoredRun }[] {
  return checks.flatMap(({ state }) => {
    const run = state.status === 'ended' ? storedRun(state.run) : undefined;
    return run ? [{ tree, run }] : [];
  });
}

/** Undefined for one that says nothing of the tree. */
function storedRun({ check, output, end, tests, flaky, ...run }: CheckRun): StoredRun | undefined {
  if (end.type === 'canceled' || end.type === 'not-started') return undefined;
  const { isolation, startedAt, endedAt, reportProblem } = run;
  return {
    check: check.name,
    ...{ isolation, startedAt, endedAt, end },
    output: {
      head: output.head.slice(0, keptOutput),
      tail: output.tail.slice(-keptOutput),
      omittedBytes: output.omittedBytes,
    },
    ...(tests && {
      tests: tests.map(({ name, status, file, line }) => ({
        name: name.slice(0, 2_000),
        status,
        ...(file !== undefined && { file: file.slice(0, 1_000) }),
        ...(line !== undefined && { line }),
      })),
    }),
    ...(flaky && { flaky: flaky.map((name) => name.slice(0, 2_000)) }),
    ...(reportProblem !== undefined && { reportProblem: reportProblem.slice(0, 2_000) }),
  };
}
