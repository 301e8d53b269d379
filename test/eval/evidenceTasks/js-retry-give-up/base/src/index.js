/** Calls `work` until it succeeds, at most `times` times. */
export async function retry(work, { times = 3, wait = async () => {} } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt === times) throw error;
      await wait(attempt);
    }
  }
}
