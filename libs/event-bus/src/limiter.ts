/** At most `countMax` tasks at once; the others wait their turn. */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  private readonly countMax: number;

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.countMax) {
      // The finishing task hands its slot over, so `running` does not change here.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) {
        next();
      } else {
        this.running -= 1;
      }
    }
  }
}
