import * as vscode from 'vscode';
import type { CandidateId, TaskId } from '../core/domain.ts';
import type { Disk, Removed } from '../core/engine/disk.ts';
import type { Removals } from '../core/engine/retention.ts';
import type { StorageReport } from '../core/engine/storageReport.ts';
import { tellLeft } from './leftFolder.ts';
import { isCancellation, type Problems } from './problems.ts';
import {
  lockOf,
  questionFor,
  removalsFor,
  type StorageEntry,
  type StorageItem,
  storageItems,
  storageTitle,
} from './storageItems.ts';

export interface StorageParts {
  readonly disk: Pick<Disk, 'measure' | 'remove' | 'removeLeft'>;
  readonly problems: Problems;
  /** The label of a run's model. */
  modelOf(runId: CandidateId): string;
  /** Whether a folder is open in this window. */
  isOpen(folder: string): boolean;
  /** Opens a task of such a folder. */
  showTask(id: TaskId): Promise<void>;
}

type Item = vscode.QuickPickItem & Pick<StorageItem, 'entry'>;

/** Shows what dursor keeps on disk, the largest first, and frees what the user picks. Resolves when the list is closed. */
export function showStorage(parts: StorageParts): Promise<void> {
  return new Promise((resolve) => new StorageList(parts, resolve).open());
}

class StorageList {
  readonly #parts: StorageParts;
  readonly #picker = vscode.window.createQuickPick<Item>();
  readonly #end = new AbortController();
  readonly #onEnd: () => void;
  /** While a question is asked VS Code may hide the list. */
  #isAsking = false;

  constructor(parts: StorageParts, onEnd: () => void) {
    this.#parts = parts;
    this.#onEnd = onEnd;
  }

  open(): void {
    const picker = this.#picker;
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    picker.keepScrollPosition = true;
    picker.onDidAccept(() => this.#attempt(() => this.#accept(picker.selectedItems[0]?.entry)));
    picker.onDidTriggerItemButton(({ item }) => this.#attempt(() => this.#free(item.entry)));
    picker.onDidHide(() => {
      if (!this.#isAsking) this.#close();
    });
    picker.show();
    this.#attempt(() => this.#measure());
  }

  #close(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    this.#picker.dispose();
    this.#onEnd();
  }

  /** Nobody waits for what the list does, so what goes wrong is shown here. */
  #attempt(action: () => Promise<void>): void {
    action().catch((error: unknown) => {
      if (!isCancellation(error)) this.#parts.problems.show(error);
      this.#close();
    });
  }

  async #measure(): Promise<void> {
    const picker = this.#picker;
    const { signal } = this.#end;
    picker.busy = true;
    picker.placeholder = 'Measuring…';
    const report = await this.#parts.disk.measure((measured, of) => {
      picker.placeholder = `Measuring… ${measured} of ${of} tasks`;
    }, signal);
    if (signal.aborted) return;
    picker.busy = false;
    picker.title = storageTitle(report);
    picker.placeholder = 'Open a task, or free what it takes with the button beside it';
    picker.items = this.#items(report);
  }

  #items(report: StorageReport): readonly Item[] {
    const modelOf = (runId: CandidateId) => this.#parts.modelOf(runId);
    return storageItems(report, modelOf, Date.now()).map((item) => ({
      ...item,
      buttons: isFreeable(item.entry) ? [{ iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Delete…' }] : [],
    }));
  }

  /** A task of this window's folders is opened; anything else can only be freed. */
  async #accept(entry: StorageEntry | undefined): Promise<void> {
    if (!entry || entry.type === 'fact') return;
    if (entry.type !== 'task' || !this.#parts.isOpen(entry.task.folder)) return this.#free(entry);
    this.#close();
    await this.#parts.showTask(entry.task.id);
  }

  async #free(entry: StorageEntry): Promise<void> {
    if (entry.type === 'fact') return;
    const lock = lockOf(entry);
    const isHere = entry.type === 'unused' || this.#parts.isOpen(entry.task.folder);
    const agreed = await this.#asking(async () => {
      if (lock) return void (await vscode.window.showWarningMessage(lock, { modal: true }));
      const { message, detail } = questionFor(entry, isHere);
      return vscode.window.showWarningMessage(message, { modal: true, detail }, 'Delete');
    });
    if (agreed !== 'Delete') return;
    this.#picker.busy = true;
    this.#picker.placeholder = 'Deleting…';
    const removals = removalsFor(entry);
    const removed = await this.#parts.disk.remove(removals);
    this.#tell(removed, removals);
    if (!this.#end.signal.aborted) await this.#measure();
  }

  #tell(removed: Removed, { folders, tasks }: Pick<Removals, 'folders' | 'tasks'>): void {
    const { disk, problems } = this.#parts;
    const [runIds, taskIds] = [folders.map(({ runId }) => runId), tasks.map(({ id }) => id)];
    tellLeft(removed.left, () => disk.removeLeft(runIds, taskIds), problems);
    const { kept } = removed;
    if (kept === 0) return;
    const which = kept === 1 ? 'One entry was not deleted: it has' : `${kept} entries were not deleted: they have`;
    void vscode.window.showInformationMessage(`${which} been used since the list was made.`);
  }

  /** Keeps the list for what comes after a question. */
  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    this.#isAsking = true;
    try {
      return await ask();
    } finally {
      this.#isAsking = false;
      this.#picker.show();
    }
  }
}

function isFreeable(entry: StorageEntry): boolean {
  return entry.type === 'task' || entry.type === 'folder' ? lockOf(entry) === undefined : false;
}
