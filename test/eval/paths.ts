import type { ObjectName, Patch, Snapshot } from '../../src/core/domain.ts';
import { assertPatchAllowed } from '../../src/core/engine/patchGate.ts';
import { createPolicy } from '../../src/core/policy/createPolicy.ts';
import { isGitDirectoryName } from '../../src/core/policy/nameAliases.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { UserError } from '../../src/core/problem.ts';
import type { Copy } from '../../src/core/workspace/copy.ts';
import { type PathRow, parsePathRows } from './pathRows.ts';
import { type Fault, type Harness, reportOf, type WrongRow, worst } from './report.ts';
import { describeFile, TestFolder } from './testFolder.ts';

const platforms = ['linux', 'darwin', 'win32'] as const;
type Platform = (typeof platforms)[number];

/** What came of asking for one row's path on one platform. `landed` without a fault: it became a file inside, and nothing else did. */
type Landing =
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'landed'; readonly path: string }
  | { readonly type: 'fault'; readonly fault: Fault; readonly reason: string };

/** A row that was written, and what it became. */
interface Written {
  readonly row: PathRow;
  readonly path: string;
  readonly content: string;
}

/** Writes every path as a model would, on every platform, and lays what was accepted out as real files. */
export const evalPaths: Harness = async (text, say) => {
  const { rows, malformed } = parsePathRows(text);
  const folder = new TestFolder();
  try {
    const faults = new Map<PathRow, WrongRow[]>(rows.map((row) => [row, []]));
    for (const platform of platforms) {
      say(`${rows.length} paths on ${platform}`);
      for (const [row, landing] of await new PathTrial(folder, platform).run(rows)) {
        const fault = judge(row, platform, landing);
        if (fault) faults.get(row)?.push(fault);
      }
    }
    const wrongRows = [...faults.values()].flatMap((found) => worst(found) ?? []);
    return reportOf(rows.length + malformed.length, [...wrongRows, ...malformed]);
  } finally {
    await folder.dispose();
  }
};

function judge(row: PathRow, platform: Platform, landing: Landing): WrongRow | undefined {
  const wrong = (fault: Fault, reason: string): WrongRow => ({
    row: String(row.line),
    fault,
    what: `${row.category} ${row.expectation} ${JSON.stringify(row.path)}`,
    reason: `${platform}: ${reason}`,
  });
  switch (landing.type) {
    case 'fault':
      return wrong(landing.fault, landing.reason);
    case 'refused':
      return row.expectation === 'allow' && platform === 'linux' ? wrong('falselyRefused', landing.reason) : undefined;
    case 'landed':
      return mustBeRefused(row, platform) ? wrong('escaped', `accepted as ${JSON.stringify(landing.path)}`) : undefined;
    default:
      return landing satisfies never;
  }
}

function mustBeRefused({ expectation }: PathRow, platform: Platform): boolean {
  switch (expectation) {
    case 'reject':
    case 'reject-portable':
      return true;
    case 'reject-win':
      return platform === 'win32';
    case 'contain':
    case 'allow':
      return false;
    default:
      return expectation satisfies never;
  }
}

/** All rows on one platform, in as few copies as their paths have room in. */
class PathTrial {
  readonly #folder: TestFolder;
  readonly #policy: Policy;
  readonly #landings = new Map<PathRow, Landing>();

  constructor(folder: TestFolder, platform: Platform) {
    this.#folder = folder;
    this.#policy = createPolicy({ platform });
  }

  async run(rows: readonly PathRow[]): Promise<ReadonlyMap<PathRow, Landing>> {
    const snapshot = await this.#folder.snapshot(this.#policy);
    const isLink = (row: PathRow) => row.expectation === 'reject-portable' && row.category.includes('Symlink');
    for (const row of rows.filter(isLink)) this.#landings.set(row, await this.#tryLink(row.path));
    let waiting: readonly PathRow[] = rows.filter((row) => !isLink(row));
    while (waiting.length > 0) waiting = await this.#runBatch(snapshot, waiting);
    return this.#landings;
  }

  /** A patch that makes a symbolic link of that name, which no tool can. */
  async #tryLink(path: string): Promise<Landing> {
    const after = { path, mode: '120000', blob: '' as ObjectName } as const;
    const refusal = await refusalOf(() =>
      assertPatchAllowed([{ kind: 'added', after }], this.#policy, async () => Buffer.from('target')),
    );
    return refusal ?? { type: 'landed', path };
  }

  /** Answers with the rows that had no room beside others. */
  async #runBatch(snapshot: Snapshot, rows: readonly PathRow[]): Promise<readonly PathRow[]> {
    const copy = await this.#folder.storage.openCopy(snapshot, snapshot.tree, this.#policy);
    try {
      const written = new Map<string, Written>();
      const waiting: PathRow[] = [];
      for (const row of rows) {
        const verdict = this.#policy.check(row.path, 'write');
        if (verdict.allowed && written.has(verdict.path)) {
          waiting.push(row);
          continue;
        }
        const content = `row ${row.line}\n`;
        const landing = await this.#write(copy, row, content);
        if (landing === 'in the way') {
          if (written.size > 0) waiting.push(row);
          else this.#landings.set(row, fault('wrong', 'It has no room in an empty copy.'));
        } else {
          this.#landings.set(row, landing);
          if (landing.type === 'landed') written.set(landing.path, { row, path: landing.path, content });
        }
      }
      const problem = await this.#layOut(copy, [...written.values()]);
      if (problem === undefined) return waiting;
      const accepted = [...written.values()].map(({ row }) => row);
      if (accepted.length === 1) {
        for (const row of accepted) this.#landings.set(row, problem);
        return waiting;
      }
      // One of them is to blame; the halves tell which.
      const half = Math.ceil(accepted.length / 2);
      for (let part of [accepted.slice(0, half), accepted.slice(half)] as (readonly PathRow[])[]) {
        while (part.length > 0) part = await this.#runBatch(snapshot, part);
      }
      return waiting;
    } finally {
      await copy.dispose();
    }
  }

  async #write(copy: Copy, row: PathRow, content: string): Promise<Landing | 'in the way'> {
    const refusal = await refusalOf(() => copy.write(row.path, Buffer.from(content)));
    if (refusal?.type === 'refused' && refusal.kind === 'in the way') return 'in the way';
    if (refusal) {
      if (row.expectation !== 'reject') return refusal;
      // What is not to be written is to be neither read nor deleted.
      const others = [() => copy.read(row.path), () => copy.delete(row.path)];
      for (const attempt of others) {
        if (!(await refusalOf(attempt))) return fault('escaped', 'It can be read or deleted.');
      }
      return refusal;
    }
    const read = await copy.read(row.path).catch(() => undefined);
    if (!read || Buffer.from(read.bytes).toString() !== content) return fault('wrong', 'It reads back differently.');
    return { type: 'landed', path: read.path };
  }

  /** Takes the copy's patch through the gate, makes real files of it, and looks where they are. */
  async #layOut(copy: Copy, written: readonly Written[]): Promise<Landing | undefined> {
    if (written.length === 0) return undefined;
    let patch: Patch;
    try {
      patch = await copy.patch();
    } catch (error) {
      return fault('wrong', `There is no patch: ${String(error)}`);
    }
    const refusal = await refusalOf(() =>
      assertPatchAllowed(patch.changes, this.#policy, (blob) => this.#folder.storage.readBlob(blob)),
    );
    if (refusal) return fault('wrong', `The patch is refused though the write was not: ${refusal.reason}`);
    const before = this.#folder.fingerprint();
    const laidOut = this.#folder.layOut(patch.text);
    if (!isSame(before, this.#folder.fingerprint())) return fault('escaped', 'Files outside the folder changed.');
    if (!laidOut.ok) return fault('wrong', `Git does not take the patch: ${laidOut.reason}`);
    for (const path of laidOut.files.keys()) {
      if (path.split('/').some(isGitDirectoryName)) return fault('escaped', `It became ${JSON.stringify(path)}.`);
    }
    const expected = new Map(written.map(({ path, content }) => [path, describeFile(content)]));
    return isSame(expected, laidOut.files) ? undefined : fault('wrong', 'Other files came out than were written.');
  }
}

function fault(kind: Fault, reason: string): Landing {
  return { type: 'fault', fault: kind, reason };
}

/** What policy said to an attempt, or undefined where it went through. Any other failure is a fault of ours. */
async function refusalOf(attempt: () => Promise<unknown>) {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error.problem.code !== 'refused-by-policy') {
      return { type: 'fault', fault: 'wrong', reason: String(error) } as const;
    }
    return { type: 'refused', kind: error.problem.refusal, reason: error.problem.message } as const;
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}
