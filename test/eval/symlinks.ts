import { join } from 'node:path';
import type { CopyEntry } from '../../src/core/workspace/copy.ts';
import { type Fault, type Harness, reportOf, type WrongRow, worst } from './report.ts';
import { parseSymlinkCases, type SymlinkCase, unknownExpectations } from './symlinkCases.ts';
import { SymlinkTrial, textAt, typeOf, UnknownAttempt } from './symlinkTrial.ts';

/** No case takes longer, whatever it says of itself. */
const limitMilliseconds = 60_000;

type Complaint = readonly [fault: Fault, reason: string];

/** Sets every case up as real files, has the tools try what it says, and looks at what came of it. */
export const evalSymlinks: Harness = async (text, say) => {
  const { cases, malformed } = parseSymlinkCases(text);
  const wrongRows: WrongRow[] = [];
  for (const each of cases) {
    say(each.id);
    const complaints = await tryCase(each);
    const what = JSON.stringify(each.attempt).slice(0, 200);
    const fault = worst(complaints.map(([kind, reason]) => ({ row: each.id, fault: kind, what, reason })));
    if (fault) wrongRows.push(fault);
  }
  return reportOf(cases.length + malformed.length, [...wrongRows, ...malformed]);
};

async function tryCase(each: SymlinkCase): Promise<readonly Complaint[]> {
  const unknown = unknownExpectations(each);
  if (unknown.length > 0) return [['wrong', `Nothing is known of the expectation ${unknown.join(', ')}.`]];
  const trial = new SymlinkTrial();
  try {
    trial.setUp(each.setup);
    const typesBefore = each.must_hold.map((path) => typeOf(join(trial.folder.workspace, inWorkspace(path))));
    const limit = each.must_terminate_ms ?? limitMilliseconds;
    const started = performance.now();
    await trial.run(each.attempt, AbortSignal.timeout(limit));
    const took = Math.round(performance.now() - started);
    return [
      ...(took > limit ? [['wrong', `It took ${took} ms.`] as const] : []),
      ...complaintsAboutDisk(each, trial),
      ...complaintsAboutAnswers(each, trial),
      ...(await complaintsAboutTypes(each, trial, typesBefore)),
    ];
  } catch (error) {
    return [['wrong', error instanceof UnknownAttempt ? error.message : String(error)]];
  } finally {
    await trial.folder.dispose();
  }
}

function complaintsAboutDisk(each: SymlinkCase, { folder, changes, changedOnDisk }: SymlinkTrial): Complaint[] {
  const complaints: Complaint[] = changedOnDisk.map((path) => ['escaped', `${path} changed on disk.`]);
  for (const path of each.must_be_absent) {
    if (typeOf(join(folder.root, path)) !== 'absent') complaints.push(['escaped', `${path} exists.`]);
  }
  const isChanged = (path: string) => textAt(join(folder.root, path)) !== setupText(each, path);
  for (const path of each.must_be_unchanged) {
    if (isChanged(path)) complaints.push(['escaped', `${path} changed.`]);
  }
  const reported = new Set(changes.flatMap(({ base, after }) => [base?.path, after?.path]));
  for (const path of each.must_be_unchanged_or_reported) {
    if (isChanged(path) && !reported.has(inWorkspace(path))) {
      complaints.push(['escaped', `${path} changed, and the patch does not say so.`]);
    }
  }
  return complaints;
}

function setupText(each: SymlinkCase, path: string): string | undefined {
  return each.setup.flatMap((step) => ('file' in step && step.file === path ? [step.content] : [])).at(-1);
}

function complaintsAboutAnswers(each: SymlinkCase, { hits, seen, falselyRefused }: SymlinkTrial): Complaint[] {
  const complaints: Complaint[] = falselyRefused.map((reason) => ['falselyRefused', reason]);
  if (each.max_hits !== undefined && hits > each.max_hits) complaints.push(['wrong', `The search has ${hits} hits.`]);
  const files = each.setup.flatMap((step) => ('file' in step ? [step] : []));
  const inside = files.filter(({ file }) => file.startsWith('ws/')).map(({ content }) => content.trim());
  for (const { file, content } of files) {
    const secret = content.trim();
    if (file.startsWith('ws/') || secret === '' || inside.some((text) => text.includes(secret))) continue;
    if (seen.some((answer) => answer.includes(secret))) complaints.push(['escaped', `A tool showed ${file}.`]);
  }
  return complaints;
}

/** What must hold is of the same type on disk afterwards, and in the snapshot. */
async function complaintsAboutTypes(
  each: SymlinkCase,
  { folder, policy, snapshot }: SymlinkTrial,
  before: readonly string[],
): Promise<Complaint[]> {
  if (each.must_hold.length === 0 || !snapshot) return [];
  const copy = await folder.storage.openCopy(snapshot, snapshot.tree, policy);
  const entries = await copy.list().finally(() => copy.dispose());
  return each.must_hold.flatMap((written, index): Complaint[] => {
    const path = inWorkspace(written);
    const type = typeOf(join(folder.workspace, path));
    if (type !== before[index]) return [['wrong', `${path} was a ${before[index]} and is a ${type}.`]];
    const kept = typeInSnapshot(path, entries);
    // Git has no empty folders, and what is forbidden isn't in a snapshot.
    const mayBeMissing = type === 'folder' || type === 'absent' || !policy.check(path, 'snapshot').allowed;
    return kept === type || (kept === 'absent' && mayBeMissing)
      ? []
      : [['wrong', `${path} is a ${type}, and a ${kept} in the snapshot.`]];
  });
}

function typeInSnapshot(path: string, entries: readonly CopyEntry[]): string {
  const entry = entries.find((candidate) => candidate.path === path);
  if (entry) return { '100644': 'file', '100755': 'file', '120000': 'link', '160000': 'repository' }[entry.mode];
  return entries.some((candidate) => candidate.path.startsWith(`${path}/`)) ? 'folder' : 'absent';
}

function inWorkspace(path: string): string {
  return path.replace(/^ws\//, '');
}
