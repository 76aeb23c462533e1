/** Runs tasks that share a key one after another, and others side by side. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs `task` once every earlier task that shares a key has ended. Keys may repeat. */
  async run<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const distinct = [...new Set(keys)];
    const before = distinct.map((key) => this.tails.get(key) ?? Promise.resolve());
    let release: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      release = resolve;
    });
    // All tails are replaced in one synchronous step, so two tasks can never wait for each other.
    for (const key of distinct) {
      this.tails.set(key, done);
    }
    try {
      await Promise.all(before);
      return await task();
    } finally {
      release();
      for (const key of distinct) {
        if (this.tails.get(key) === done) {
          this.tails.delete(key);
        }
      }
    }
  }
}
