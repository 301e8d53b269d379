/** Tells of something at once, and of more that comes soon after it together, so that whoever listens isn't asked too often. */
export class OftenEnough<T> {
  readonly #tell: (what: T) => void;
  readonly #milliseconds: number;
  /** What was told of just now, and whether there is more to tell since. */
  readonly #recent = new Map<T, { isMore: boolean; readonly timer: NodeJS.Timeout }>();

  constructor(milliseconds: number, tell: (what: T) => void) {
    this.#milliseconds = milliseconds;
    this.#tell = tell;
  }

  tell(what: T): void {
    const recent = this.#recent.get(what);
    if (recent) {
      recent.isMore = true;
      return;
    }
    const timer = setTimeout(() => this.#again(what), this.#milliseconds);
    timer.unref();
    this.#recent.set(what, { isMore: false, timer });
    this.#tell(what);
  }

  dispose(): void {
    for (const { timer } of this.#recent.values()) clearTimeout(timer);
  }

  #again(what: T): void {
    const recent = this.#recent.get(what);
    this.#recent.delete(what);
    if (recent?.isMore) this.tell(what);
  }
}
