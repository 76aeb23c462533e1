import { Problem, type Unauthorized } from '../http/problem.js';
import type { RateLimiter } from './rate-limit.js';
import type { Logger } from '../logging.js';

const reportEveryMs = 10_000;

/**
 * Throttles, by address, requests whose token is missing or wrong, and reports how many there were. A right token goes
 * through whatever else comes from its address: behind a proxy that is the address of everybody.
 */
export class FailedAuthentications {
  private readonly limiter: RateLimiter;
  private readonly logger: Pick<Logger, 'warn'>;
  private readonly counts = new Map<string, number>();

  constructor(limiter: RateLimiter, logger: Pick<Logger, 'warn'>) {
    this.limiter = limiter;
    this.logger = logger;
  }

  /** The refusal itself, or 429 beyond the rate. */
  answerTo(refusal: Unauthorized, address: string): Problem {
    this.count(refusal.code);
    if (this.limiter.tryTake(address)) {
      return refusal;
    }
    return new Problem(429, 'authentication_throttled', { headers: { 'Retry-After': '1' } });
  }

  private count(code: string): void {
    if (this.counts.size === 0) {
      setTimeout(() => this.report(), reportEveryMs).unref();
    }
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
  }

  private report(): void {
    const byCode = Object.fromEntries(this.counts);
    const failedCount = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
    this.counts.clear();
    this.logger.warn({ failedCount, byCode, periodMs: reportEveryMs }, 'authentication failed');
  }
}
