/** Where rows of different heights begin, in pixels from the top of the first. */
export class Offsets {
  readonly #starts: Float64Array;

  constructor(count: number, heightOf: (index: number) => number) {
    this.#starts = new Float64Array(count + 1);
    let at = 0;
    for (let index = 0; index < count; index += 1) {
      at += heightOf(index);
      this.#starts[index + 1] = at;
    }
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** The height of all rows. */
  get total(): number {
    return this.#starts[this.count] ?? 0;
  }

  /** Where a row begins; for the index after the last, where the last ends. */
  startOf(index: number): number {
    return this.#starts[Math.max(0, Math.min(index, this.count))] ?? 0;
  }

  heightOf(index: number): number {
    return this.startOf(index + 1) - this.startOf(index);
  }

  /** The row that is at a height: the first or last where it is above or below all. -1 where there are none. */
  indexAt(height: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= height) low = middle;
      else high = middle - 1;
    }
    return Math.min(low, this.count - 1);
  }
}
