/** Requests taken in before the event loop turns, so that connections, timers and health get their share of it. */
const requestsPerTurn = 16;

/**
 * Takes requests in a few at a time, one caller after another: of many that arrive at once, a caller who sent one does
 * not wait behind all those of a caller who sent thousands.
 */
export class Turnstile {
  private readonly waiting = new Map<string, (() => void)[]>();
  private isTurning = false;

  /** Runs `takeIn` when it is the turn of `caller`, which need not be known to be true. */
  enter(caller: string, takeIn: () => void): void {
    const queue = this.waiting.get(caller);
    if (queue) {
      queue.push(takeIn);
    } else {
      this.waiting.set(caller, [takeIn]);
    }
    this.turnSoon();
  }

  private turnSoon(): void {
    if (!this.isTurning) {
      this.isTurning = true;
      setImmediate(() => this.turn());
    }
  }

  private turn(): void {
    this.isTurning = false;
    let left = requestsPerTurn;
    // Who has more waiting goes to the end of the map, where the iteration comes by again.
    for (const [caller, queue] of this.waiting) {
      if (left === 0) {
        break;
      }
      left -= 1;
      this.waiting.delete(caller);
      const takeIn = queue.shift();
      if (queue.length > 0) {
        this.waiting.set(caller, queue);
      }
      takeIn?.();
    }
    if (this.waiting.size > 0) {
      this.turnSoon();
    }
  }
}
