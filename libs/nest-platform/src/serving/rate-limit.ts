import { Problem } from '../http/problem.js';

const bucketCountMax = 10_000;

interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

/** A token bucket for each caller on this instance, with room for a burst of two seconds. 0 turns it off. */
export class RateLimiter {
  private readonly perSecond: number;
  private readonly nowMs: () => number;
  private readonly buckets = new Map<string, Bucket>();

  constructor(perSecond: number, nowMs: () => number = () => performance.now()) {
    this.perSecond = perSecond;
    this.nowMs = nowMs;
  }

  /** @throws Problem 429 `rate_limited` when the caller has used up its share. */
  take(caller: string): void {
    if (!this.tryTake(caller)) {
      throw new Problem(429, 'rate_limited', {
        detail: `At most ${this.perSecond} requests per second.`,
        headers: { 'Retry-After': '1' },
      });
    }
  }

  /** Whether the caller still had something of its share, which is taken then. */
  tryTake(caller: string): boolean {
    if (this.perSecond === 0) {
      return true;
    }
    const now = this.nowMs();
    const burst = this.perSecond * 2;
    const bucket = this.buckets.get(caller) ?? { tokens: burst, refilledAtMs: now };
    bucket.tokens = Math.min(
      burst,
      bucket.tokens + ((now - bucket.refilledAtMs) / 1_000) * this.perSecond,
    );
    bucket.refilledAtMs = now;
    this.remember(caller, bucket);
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }

  // Map keeps insertion order, so the first key is the caller that has been silent for longest.
  private remember(caller: string, bucket: Bucket): void {
    this.buckets.delete(caller);
    this.buckets.set(caller, bucket);
    if (this.buckets.size > bucketCountMax) {
      const oldest = this.buckets.keys().next();
      if (!oldest.done) {
        this.buckets.delete(oldest.value);
      }
    }
  }
}
