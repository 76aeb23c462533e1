/** What waits in one source, and for how long nothing of it moved. */
export class Lag {
  private waiting = 0;
  private movedAt = performance.now();

  /** Events known to exist and not yet handled. */
  get backlog(): number {
    return this.waiting;
  }

  /** Milliseconds since the last event was settled or began to wait; 0 while none waits. */
  get stalledMs(): number {
    return this.waiting === 0 ? 0 : Math.round(performance.now() - this.movedAt);
  }

  know(backlog: number): void {
    if (this.waiting === 0) {
      this.movedAt = performance.now();
    }
    this.waiting = Math.max(0, backlog);
  }

  settled(): void {
    this.movedAt = performance.now();
  }
}
