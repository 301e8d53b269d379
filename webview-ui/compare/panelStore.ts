import type { CandidateId } from '../../src/core/domain.ts';
import type { FileId, FileNews, Looking, Place } from '../../src/protocol/comparePanel.ts';
import {
  firstView,
  lookingOf,
  newsAfter,
  type PanelContent,
  type PanelView,
  type PlaceName,
  type Target,
} from './panelView.ts';
import { nextPlace, samePlace } from './places.ts';

/** What the store tells of. */
export interface PanelListener {
  /** Something is to be drawn. */
  changed(): void;
  /** The view is to be kept. */
  save(view: PanelView): void;
  /** The host has to know. */
  look(looking: Looking): void;
}

/** What the panel shows: the host's messages, and what the user has set up. */
export class PanelStore {
  readonly #listener: PanelListener;
  #content: PanelContent = { baseTexts: new Map() };
  #view: PanelView;
  #target: Target | undefined;
  #nonce = 0;

  constructor(saved: Partial<PanelView> | undefined, listener: PanelListener) {
    this.#view = { ...firstView, ...saved };
    this.#listener = listener;
  }

  get content(): PanelContent {
    return this.#content;
  }

  get view(): PanelView {
    return this.#view;
  }

  get target(): Target | undefined {
    return this.#target;
  }

  receive(part: Partial<PanelContent>): void {
    this.#content = { ...this.#content, ...part };
    this.#listener.changed();
  }

  receiveNews(news: FileNews): void {
    this.receive({ news: newsAfter(this.#content.news, news), ...(news.type === 'open' && { lastFile: news.file }) });
  }

  receiveBaseText(id: FileId, text: string): void {
    this.receive({ baseTexts: new Map(this.#content.baseTexts).set(id, text) });
  }

  change(part: Partial<PanelView>): void {
    const before = this.#view;
    this.#view = { ...before, ...part };
    this.#listener.save(this.#view);
    if (before.hidden !== this.#view.hidden || before.fileId !== this.#view.fileId) {
      this.#listener.look(lookingOf(this.#view));
    }
    this.#listener.changed();
  }

  /** Opens a file, where it was left or at a place of it. */
  openFile(
    fileId: FileId,
    at?: {
      readonly line?: number | undefined;
      /** Whose line it is; the base's where absent. */
      readonly candidate?: CandidateId;
      readonly region?: number | undefined;
    },
  ): void {
    this.#target = at && {
      nonce: ++this.#nonce,
      ...(at.line !== undefined && { line: at.line }),
      ...(at.candidate !== undefined && { candidate: at.candidate }),
      ...(at.region !== undefined && { region: at.region }),
    };
    this.change({ fileId });
  }

  showAllFiles(): void {
    this.#target = undefined;
    this.#content = { ...this.#content, lastFile: undefined };
    this.change({ fileId: undefined });
  }

  goTo(place: Place): void {
    const name: PlaceName = { fileId: place.fileId, ...(place.region !== undefined && { region: place.region }) };
    this.#view = { ...this.#view, place: name };
    this.openFile(place.fileId, place);
  }

  /** Goes to the place so many further in the list; around its ends. */
  goFurther(step: 1 | -1): void {
    const place = nextPlace(this.#content.files?.places ?? [], this.#view.place, step);
    if (place) this.goTo(place);
  }

  hide(id: CandidateId): void {
    const { hidden, lead } = this.#view;
    if (!hidden.includes(id)) this.change({ hidden: [...hidden, id], lead: lead === id ? undefined : lead });
  }

  unhide(ids: readonly CandidateId[]): void {
    this.change({ hidden: this.#view.hidden.filter((id) => !ids.includes(id)) });
  }

  /** Shows or hides the base; a candidate that leads gives way to it. */
  toggleBase(): void {
    const { showsBase, lead } = this.#view;
    this.change(lead === undefined ? { showsBase: !showsBase } : { showsBase: true, lead: undefined });
  }

  keepScroll(key: FileId, top: number): void {
    this.#view = { ...this.#view, scroll: { ...this.#view.scroll, [key]: top } };
    this.#listener.save(this.#view);
  }

  /** Whether a place is the one that was gone to last. */
  isCurrent(place: Place): boolean {
    return this.#view.place !== undefined && samePlace(place, this.#view.place);
  }
}
