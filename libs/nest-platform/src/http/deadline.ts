import type { Problem } from './problem.js';

/** When the time of a request is up; it runs from the arrival of its head, so its body counts. */
export class Deadline {
  private readonly endsAtMs: number;

  constructor(startedAtMs: number, timeoutMs: number) {
    this.endsAtMs = startedAtMs + timeoutMs;
  }

  /** What `work` resolves to. @throws what `late` makes when the time is up before */
  async limit<T>(work: Promise<T>, late: () => Problem): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(late()), this.endsAtMs - performance.now());
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}
