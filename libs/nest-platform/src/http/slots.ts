import { Problem, Unavailable } from './problem.js';
import type { Lifetime } from './lifetime.js';

/**
 * Bounds what is under way at once. A caller's slots are taken from the moment the caller is known, so bodies that are
 * still arriving count for who sends them; the shared slots only by requests that are worked on.
 */
export class Slots {
  private readonly inFlightMax: number;
  private readonly perCallerMax: number;
  private inFlightCount = 0;
  private readonly countOf = new Map<string, number>();

  constructor(limits: { readonly inFlightMax: number; readonly perCallerMax: number }) {
    this.inFlightMax = limits.inFlightMax;
    this.perCallerMax = limits.perCallerMax;
  }

  /** @throws Problem 429 `too_many_in_flight` when the caller has all its slots taken. */
  takeOfCaller(caller: string, lifetime: Lifetime): void {
    const count = this.countOf.get(caller) ?? 0;
    if (count >= this.perCallerMax) {
      throw new Problem(429, 'too_many_in_flight', {
        detail: `At most ${this.perCallerMax} requests at once.`,
        // The body of a refused request is not waited for.
        headers: { 'Retry-After': '1', Connection: 'close' },
      });
    }
    this.countOf.set(caller, count + 1);
    lifetime.onEnd(() => this.giveBackOfCaller(caller));
  }

  /** @throws Unavailable `overloaded` when all callers together have taken the shared slots. */
  takeShared(lifetime: Lifetime): void {
    if (this.inFlightCount >= this.inFlightMax) {
      throw new Unavailable('overloaded');
    }
    this.inFlightCount += 1;
    lifetime.onEnd(() => {
      this.inFlightCount -= 1;
    });
  }

  private giveBackOfCaller(caller: string): void {
    const left = (this.countOf.get(caller) ?? 0) - 1;
    if (left > 0) {
      this.countOf.set(caller, left);
    } else {
      this.countOf.delete(caller);
    }
  }
}
