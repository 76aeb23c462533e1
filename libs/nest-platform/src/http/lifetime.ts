/** Lasts from the arrival of a request until it is answered and the work for it is done. */
export class Lifetime {
  private holdCount = 1;
  private readonly listeners: (() => void)[] = [];

  /** Whether the client is gone and nothing is done for it any more. */
  get isOver(): boolean {
    return this.holdCount === 0;
  }

  /** Keeps it from ending until the returned function is called, once. */
  hold(): () => void {
    this.holdCount += 1;
    return () => this.release();
  }

  /** The answer is out, or nobody is there to take it. */
  answered(): void {
    this.release();
  }

  onEnd(listener: () => void): void {
    if (this.isOver) {
      listener();
    } else {
      this.listeners.push(listener);
    }
  }

  private release(): void {
    this.holdCount -= 1;
    if (this.isOver) {
      this.listeners.splice(0).forEach((listener) => listener());
    }
  }
}
