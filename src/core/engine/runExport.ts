import type { Round, Run, Task } from '../domain.ts';
import { hideHome } from '../github/quoting.ts';
import { redact } from '../providers/redact.ts';
import { SecretMask } from '../secrets/secretMask.ts';

export interface ExportSource {
  readonly task: Task;
  readonly round: Round;
  readonly run: Run;
  /** The run's unified diff. */
  readonly patch: string;
  /** The versions of dursor, VS Code and Node, and the platform, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The key that the run's model is asked with, so that it can be taken out wherever it stands; empty for none. */
  readonly apiKey: string;
  /** Folders of this machine, and what to write instead of each. */
  readonly folders: readonly { readonly path: string; readonly name: string }[];
}

/**
 * A run as the text of one JSON file that can be given away with a report: the run, its message and its patch, without
 * keys, without the secrets that dursor knows to find, and without where things are on this machine.
 */
export async function exportRun(source: ExportSource): Promise<string> {
  const { task, round, run, patch, versions } = source;
  const { snapshot, runs: _runs, compositions: _compositions, ...roundFacts } = round;
  const { folder: _folder, gitDir, ...snapshotFacts } = snapshot ?? {};
  const report = {
    format: 'dursor-run',
    version: 1,
    versions,
    task: { id: task.id, title: task.title, ...(task.scope !== undefined && { scope: task.scope }) },
    round: { ...roundFacts, ...(snapshot && { snapshot: { ...snapshotFacts, hasRepository: gitDir !== undefined } }) },
    run: { ...run, profile: withoutQuery(run.profile) },
    patch,
  };
  const mask = new SecretMask(crypto.randomUUID());
  // What is found in one text is known in all others only after all were looked through.
  await mapTexts(report, (text) => mask.hide(text));
  const clean = await mapTexts(report, async (text) => {
    const withoutKeys = redact(await mask.hide(text), source.apiKey);
    return hideHome(withoutFolders(withoutKeys, source.folders));
  });
  return `${JSON.stringify(clean, null, 2)}\n`;
}

/** Some services take a key in their address. */
function withoutQuery(profile: Run['profile']): Run['profile'] {
  const url = URL.parse(profile.baseUrl ?? '');
  return url ? { ...profile, baseUrl: url.origin + url.pathname } : profile;
}

/** Longest first, so that a folder inside another keeps its own name; in all spellings that a text may have. */
function withoutFolders(text: string, folders: ExportSource['folders']): string {
  const spellings = folders
    .filter(({ path }) => path.length > 1)
    .flatMap(({ path, name }) =>
      [path, path.replaceAll('\\', '/'), path.replaceAll('\\', '\\\\')].map((spelling) => ({ spelling, name })),
    )
    .toSorted((a, b) => b.spelling.length - a.spelling.length);
  return spellings.reduce((clean, { spelling, name }) => clean.replaceAll(spelling, name), text);
}

/** The value with every text in it, at any depth, as `change` makes it. Values are as JSON has them. */
async function mapTexts(value: unknown, change: (text: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return Promise.all(value.map((item) => mapTexts(item, change)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await mapTexts(item, change)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
