import type { CandidateId, Timestamp } from '../core/domain.ts';
import type { Tidied } from '../core/engine/disk.ts';
import { chooseRemovals, type Removals, wholeSizeOf } from '../core/engine/retention.ts';
import type { StorageReport, StoredFolder, StoredTask } from '../core/engine/storageReport.ts';
import { counted } from '../core/words.ts';

/** What a line of the list stands for. */
export type StorageEntry =
  | { readonly type: 'task'; readonly task: StoredTask }
  | { readonly type: 'folder'; readonly folder: StoredFolder; readonly task: StoredTask }
  /** Everything that was not used for a while. */
  | { readonly type: 'unused'; readonly removals: Removals }
  /** Something to know; there is nothing to do about it. */
  | { readonly type: 'fact' };

/** A line of the list. */
export interface StorageItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly entry: StorageEntry;
}

/** What is to be asked before something is removed for good. */
export interface StorageQuestion {
  readonly message: string;
  readonly detail: string;
}

/** After how many days without use the list offers to free everything. */
const unusedDays = 30;

/** Bytes; the folders themselves, without what is in them, are less. */
const noticeable = 1024 * 1024;

const dayMs = 24 * 60 * 60 * 1000;

/** What is stored, the largest first; at the top what frees most at once. `modelOf` gives a run's model its label. */
export function storageItems(
  report: StorageReport,
  modelOf: (runId: CandidateId) => string,
  now: Timestamp,
): readonly StorageItem[] {
  if (report.tasks.length === 0) {
    return [{ label: 'No task is stored. Tasks are listed here once you sent a message.', entry: { type: 'fact' } }];
  }
  const sized = report.tasks.flatMap((task) => [
    { bytes: task.bytes, item: taskItem(task, now) },
    ...task.runFolders.map((folder) => ({
      bytes: folder.bytes,
      item: folderItem(folder, task, modelOf(folder.runId), now),
    })),
  ]);
  const unused = chooseRemovals(report, { keepDays: unusedDays, maxSize: 0 }, now);
  return [
    ...(unused.tasks.length + unused.folders.length > 0 ? [unusedItem(unused)] : []),
    ...sized.toSorted((a, b) => b.bytes - a.bytes).map(({ item }) => item),
    fact('Database', report.database, 'Messages, runs and patches of all tasks'),
    ...(report.other >= noticeable
      ? [fact('Other', report.other, 'What removals left; it goes at the next start')]
      : []),
  ];
}

/** The heading of the list. */
export function storageTitle(report: StorageReport): string {
  return `dursor uses ${sizeText(report.total)}`;
}

/** Why an entry can't be freed now; undefined when it can. */
export function lockOf(entry: StorageEntry): string | undefined {
  if (entry.type === 'fact' || entry.type === 'unused' || !entry.task.isWorking) return undefined;
  return `“${entry.task.title}” is working, so nothing of it can be deleted now. Cancel its runs or wait for them, then try again.`;
}

/** What removing an entry means. `isHere`: whether the task's folder is open in this window. */
export function questionFor(entry: Exclude<StorageEntry, { type: 'fact' }>, isHere: boolean): StorageQuestion {
  const stays = 'Pull requests stay on GitHub.';
  switch (entry.type) {
    case 'task': {
      const { task } = entry;
      const where = isHere ? '' : `It belongs to ${task.folder}, which is not open in this window. `;
      const size = sizeText(wholeSizeOf(task));
      const detail = `${where}Its messages, runs and patches are removed for good (${size}).${editsLost(task.runFolders.length)} ${stays}`;
      return { message: `Delete task “${task.title}” and everything it stored?`, detail };
    }
    case 'folder': {
      const { path, bytes } = entry.folder;
      const detail = `${path} is removed with what you changed in it (${sizeText(bytes)}). The run and its patch stay.`;
      return { message: 'Delete the folder of this run?', detail };
    }
    case 'unused': {
      const { folders, tasks } = entry.removals;
      const size = sizeText(freedBy(entry.removals));
      const lost = editsLost(folders.length + tasks.flatMap(({ runFolders }) => runFolders).length);
      const detail = `That is ${size}. Messages, runs and patches of tasks are removed for good.${lost} ${stays}`;
      return { message: `Delete ${countOf(entry.removals)} not used in the last ${unusedDays} days?`, detail };
    }
    default:
      return entry satisfies never;
  }
}

/** What goes with the real files of that many runs; empty for none. */
export function editsLost(runFolders: number): string {
  return runFolders === 0 ? '' : ' So are folders of runs that you opened in a window, with what you changed in them.';
}

/** What is to be removed for an entry. */
export function removalsFor(entry: Exclude<StorageEntry, { type: 'fact' }>): Pick<Removals, 'folders' | 'tasks'> {
  switch (entry.type) {
    case 'task':
      return { folders: [], tasks: [entry.task] };
    case 'folder':
      return { folders: [entry.folder], tasks: [] };
    case 'unused':
      return entry.removals;
    default:
      return entry satisfies never;
  }
}

/** "3 tasks and 1 run folder". */
export function countText(tasks: number, folders: number): string {
  const parts = [tasks > 0 ? [counted(tasks, 'task')] : [], folders > 0 ? [counted(folders, 'run folder')] : []];
  return parts.flat().join(' and ');
}

/** What to tell about what the retention settings removed. */
export function storageNews({ tasks, folders, bytes, isForSize, settings }: Tidied): string {
  const why = isForSize ? `to stay below ${settings.maxSize} MB` : `unused for ${counted(settings.keepDays, 'day')}`;
  return `dursor removed ${countText(tasks, folders)} ${why} (${sizeText(bytes)}).`;
}

/** Bytes for people: "1.2 GB". */
export function sizeText(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  let size = bytes / 1024;
  while (size >= 999.5 && units.length > 1) {
    size /= 1024;
    units.shift();
  }
  return `${size.toFixed(size < 9.95 && units[0] !== 'KB' ? 1 : 0)} ${units[0]}`;
}

function taskItem(task: StoredTask, now: Timestamp): StorageItem {
  const state = task.isWorking ? 'working now, so it can’t be deleted' : agoText(task.updatedAt, now);
  return {
    label: plain(task.title),
    description: plain(`${sizeText(task.bytes)} · ${task.folder}`),
    detail: `${counted(task.rounds, 'round')} · ${state}`,
    entry: { type: 'task', task },
  };
}

function folderItem(folder: StoredFolder, task: StoredTask, model: string, now: Timestamp): StorageItem {
  return {
    label: plain(`Folder of ${model}’s run`),
    description: plain(`${sizeText(folder.bytes)} · ${task.title}`),
    detail: plain(`${folder.path} · ${agoText(folder.usedAt, now)}`),
    entry: { type: 'folder', folder, task },
  };
}

function unusedItem(removals: Removals): StorageItem {
  return {
    label: `$(trash) Free everything not used in the last ${unusedDays} days…`,
    description: `${countOf(removals)}, ${sizeText(freedBy(removals))}`,
    entry: { type: 'unused', removals },
  };
}

function fact(label: string, bytes: number, detail: string): StorageItem {
  return { label, description: sizeText(bytes), detail, entry: { type: 'fact' } };
}

function countOf({ tasks, folders }: Removals): string {
  return countText(tasks.length, folders.length);
}

function freedBy({ tasks, folders }: Removals): number {
  return [...tasks.map(wholeSizeOf), ...folders.map(({ bytes }) => bytes)].reduce((sum, bytes) => sum + bytes, 0);
}

function agoText(time: Timestamp, now: Timestamp): string {
  const days = Math.floor((now - time) / dayMs);
  return days < 1 ? 'used in the last 24 hours' : `last used ${counted(days, 'day')} ago`;
}

/** Text that is shown as it is: a quick pick makes `$(name)` an icon. */
function plain(text: string): string {
  return text.replaceAll('$(', '\\$(');
}
