/** Runs jobs one after another, in the order they were added. */
export class Queue {
  #last = Promise.resolve();
  pending = 0;

  add(job) {
    this.pending++;
    const result = this.#last.then(job);
    this.#last = result;
    result.then(() => {
      this.pending--;
    });
    return result;
  }
}
