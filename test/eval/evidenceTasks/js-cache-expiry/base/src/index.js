/** Values that are forgotten after some milliseconds. */
export class Cache {
  #entries = new Map();
  #clock;

  constructor(lifetime, clock = Date.now) {
    this.lifetime = lifetime;
    this.#clock = clock;
  }

  set(key, value) {
    this.#entries.set(key, { value, at: this.#clock() });
  }

  get(key) {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (this.#clock() - entry.at > this.lifetime) return undefined;
    return entry.value;
  }

  get size() {
    return this.#entries.size;
  }
}
