import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ForeignCandidate } from '../core/engine/imports.ts';
import { type CandidateFacts, foreignOf, parseFacts } from './candidateFacts.ts';
import { UsageError } from './exitCode.ts';
import { readJson } from './models.ts';

const factsFile = 'candidate.json';
const patchFile = 'patch.diff';
/** A folder of artifacts holds folders of candidates, and may itself be in one. */
const deepest = 3;
const mostCandidates = 64;
const largestPatch = 64 * 1024 * 1024;
const largestFacts = 8 * 1024 * 1024;

/** A candidate as it was found in a folder. */
export interface FoundCandidate {
  readonly directory: string;
  readonly facts: CandidateFacts;
  readonly candidate: ForeignCandidate;
}

/** What there is in folders: candidates, and in sentences what else was found and can't be used. */
export interface FoundCandidates {
  readonly found: readonly FoundCandidate[];
  readonly problems: readonly string[];
}

/** Writes a candidate into a folder of its own below `out`; answers with that folder. */
export async function writeCandidate(out: string, facts: CandidateFacts, patch: string): Promise<string> {
  const directory = join(out, `${slugOf(facts.model.label)}-${facts.id.slice(0, 8)}`);
  await mkdir(directory, { recursive: true });
  const hasPatch = patch !== '';
  // In the folder that is worked on it is no change of its files.
  await writeFile(join(directory, '.gitignore'), '*\n');
  if (hasPatch) await writeFile(join(directory, patchFile), patch);
  const all = { ...facts, ...(hasPatch && { sha256: sha256Of(patch) }) };
  await writeFile(join(directory, factsFile), `${JSON.stringify(all, undefined, 2)}\n`);
  return directory;
}

/** The candidates in these folders and below them, each id once. One that is damaged keeps no other out. Throws `UsageError`. */
export async function readCandidates(directories: readonly string[]): Promise<FoundCandidates> {
  const found = new Map<string, FoundCandidate>();
  const problems: string[] = [];
  const places = new Set<string>();
  for (const directory of directories) for (const place of await placesIn(directory, deepest)) places.add(place);
  if (places.size > mostCandidates) throw new UsageError(`There are more than ${mostCandidates} candidates.`);
  for (const place of places) {
    const read = await readCandidate(place).catch((error: unknown) => {
      if (error instanceof UsageError) return error;
      throw error;
    });
    if (read instanceof UsageError) {
      problems.push(read.message);
      continue;
    }
    const other = found.get(read.facts.id);
    if (other) problems.push(`${place} and ${other.directory} hold the same candidate. Give each of them once.`);
    else found.set(read.facts.id, read);
  }
  const sorted = [...found.values()].toSorted((a, b) => (a.facts.model.label < b.facts.model.label ? -1 : 1));
  return { found: sorted, problems };
}

/** The candidate of one folder. Throws `UsageError`. */
async function readCandidate(directory: string): Promise<FoundCandidate> {
  const path = join(directory, factsFile);
  await assertFile(path, largestFacts);
  const facts = parseFacts(await readJson(path, '--candidates'));
  if (!facts) throw new UsageError(`${path} is not the candidate of this version of dursor. Make it again.`);
  const patch = facts.sha256 === undefined ? '' : await readPatch(join(directory, patchFile));
  if (facts.sha256 !== undefined && sha256Of(patch) !== facts.sha256)
    throw new UsageError(
      `The patch in ${directory} is not the one that ${factsFile} is about. Make the candidate again.`,
    );
  return { directory, facts, candidate: foreignOf(facts, patch) };
}

async function readPatch(path: string): Promise<string> {
  await assertFile(path, largestPatch);
  return readFile(path, 'utf8');
}

/** Neither a link nor a device, which may be somebody else's or without an end. Throws `UsageError`. */
async function assertFile(path: string, largest: number): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(`${path} is no file that can be read. Make the candidate again.`);
  if (found.size > largest) throw new UsageError(`${path} is larger than ${largest / 1024 / 1024} MB.`);
}

async function placesIn(directory: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => {
    throw new UsageError(`${directory} is no folder that can be read.`);
  });
  if (entries.some((entry) => entry.isFile() && entry.name === factsFile)) return [directory];
  const folders = entries.filter((entry) => entry.isDirectory()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const below = depth === 0 ? [] : folders;
  return (await Promise.all(below.map(({ name }) => placesIn(join(directory, name), depth - 1)))).flat();
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function slugOf(label: string): string {
  return (
    label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'model'
  );
}
