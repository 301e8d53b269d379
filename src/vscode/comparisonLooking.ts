import type { ComparedFile, RoundComparison } from '../core/comparison.ts';
import type { RoundId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import type { FindingView } from '../protocol/compareEvidence.ts';
import type { CompareNotifications, FileId, FileNews } from '../protocol/comparePanel.ts';
import type { Notify } from '../protocol/rpc.ts';
import { openFile } from './comparisonFile.ts';
import type { FileIds } from './comparisonIds.ts';
import type { Problems } from './problems.ts';

/** What looking at a file works with. */
export interface LookingParts {
  readonly engine: Pick<Engine, 'comparisons'>;
  readonly roundId: RoundId;
  readonly ids: FileIds;
  readonly problems: Problems;
  readonly languageOf: (path: string) => string | undefined;
  /** What reviewers found in the file that is called so over all candidates. */
  readonly findingsIn: (key: string) => readonly FindingView[];
  notify(): Notify<CompareNotifications>;
}

/** A comparison as it is known at the moment. */
export interface Known {
  readonly comparison: RoundComparison | undefined;
  /** Whether it is about to be replaced. */
  readonly isComparing: boolean;
}

/** The file that the aligned view shows: tells its base text once, and the file itself as often as it changes. */
export class LookedAtFile {
  readonly #parts: LookingParts;
  #id: FileId | undefined;
  /** What was told last, or is being read to be told. */
  #file: ComparedFile | undefined;
  /** What was found in it. */
  #findings: readonly FindingView[] = [];
  #news: string | undefined;
  #base: { readonly id: FileId; readonly text: string; isTold: boolean } | undefined;
  #abort = new AbortController();

  constructor(parts: LookingParts) {
    this.#parts = parts;
  }

  look(id: FileId | undefined): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#forgetTold();
  }

  /** The webview was loaded anew, and knows nothing. */
  reset(): void {
    this.#forgetTold();
    if (this.#base) this.#base.isTold = false;
  }

  dispose(): void {
    this.#abort.abort();
  }

  /** Tells what changed since the last time. */
  update({ comparison, isComparing }: Known): void {
    const id = this.#id;
    if (id === undefined) return;
    const file = comparison?.files.find(({ key }) => this.#parts.ids.idOf(key) === id);
    const path = file?.path ?? this.#parts.ids.keyOf(id) ?? '';
    if (!comparison || !file) {
      this.#stop();
      this.#tell(isComparing ? { type: 'reading', id, path } : { type: 'failed', id, path, message: notCompared });
      return;
    }
    const findings = this.#parts.findingsIn(file.key);
    if (file === this.#file && isSame(findings, this.#findings)) return;
    this.#stop();
    this.#file = file;
    this.#findings = findings;
    void this.#read(comparison, file, this.#abort.signal);
  }

  async #read(comparison: RoundComparison, file: ComparedFile, signal: AbortSignal): Promise<void> {
    const { ids, problems, languageOf, notify } = this.#parts;
    const [id, path] = [ids.idOf(file.key), file.path];
    try {
      const base = await this.#baseOf(id, file, signal);
      if (signal.aborted) return;
      if (base && !base.isTold) {
        base.isTold = true;
        notify().baseText({ id, text: base.text });
      }
      const insides = base ? this.#insides(file, base.text) : [];
      const facts = { id, language: languageOf(path), insides, findings: this.#findings };
      this.#tell({ type: 'open', file: openFile(comparison, file, facts) });
    } catch (error) {
      if (signal.aborted) return;
      this.#tell({ type: 'failed', id, path, message: problems.show(error) });
    }
  }

  /** Read once for as long as the file is looked at. Undefined where there are no lines to show. */
  async #baseOf(id: FileId, file: ComparedFile, signal: AbortSignal) {
    if (file.type === 'whole') return undefined;
    if (this.#base?.id === id) return this.#base;
    this.#tell({ type: 'reading', id, path: file.path });
    const { engine, roundId } = this.#parts;
    const text = file.base ? await engine.comparisons.baseText(roundId, file.key, signal) : '';
    if (!signal.aborted) this.#base = { id, text, isTold: false };
    return this.#base;
  }

  #insides({ path, regions }: ComparedFile, text: string): readonly (string | undefined)[] {
    const lines = regions.map(({ start }) => start);
    return this.#parts.engine.comparisons.insides(text, path, lines);
  }

  #tell(news: FileNews): void {
    const name = news.type === 'open' ? undefined : JSON.stringify(news);
    if (name !== undefined && name === this.#news) return;
    this.#news = name;
    this.#parts.notify().file(news);
  }

  #stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#file = undefined;
  }

  #forgetTold(): void {
    this.#stop();
    this.#news = undefined;
  }
}

function isSame(some: readonly FindingView[], others: readonly FindingView[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

const notCompared =
  'No candidate that has ended changes this file. Choose another file, or wait until a run that changes it has ended.';
