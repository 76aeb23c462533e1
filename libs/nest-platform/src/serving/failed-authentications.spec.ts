import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unauthorized } from '../http/problem.js';
import { RateLimiter } from './rate-limit.js';
import { FailedAuthentications } from './failed-authentications.js';

describe('FailedAuthentications', () => {
  let lines: Record<string, unknown>[];
  let failures: FailedAuthentications;

  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
    const logger = pino({ base: null, timestamp: false }, { write });
    failures = new FailedAuthentications(new RateLimiter(1, () => 0), logger);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const answer = (code: 'token_missing' | 'token_invalid', address = 'address 192.0.2.1') =>
    failures.answerTo(new Unauthorized(code), address).status;

  it('answers 429 to an address beyond its rate, and others as before', () => {
    const statuses = [1, 2, 3].map(() => answer('token_invalid'));
    expect(statuses).toEqual([401, 401, 429]);
    expect(answer('token_invalid', 'address 192.0.2.2')).toBe(401);
  });

  it('reports how many failed in one line, without saying who', () => {
    for (let count = 0; count < 500; count += 1) answer('token_invalid');
    answer('token_missing');
    expect(lines).toEqual([]);
    vi.runAllTimers();
    const report = {
      level: 40,
      failedCount: 501,
      byCode: { token_invalid: 500, token_missing: 1 },
      periodMs: 10_000,
      msg: 'authentication failed',
    };
    expect(lines).toEqual([report]);
    answer('token_missing');
    vi.runAllTimers();
    expect(lines).toEqual([report, { ...report, failedCount: 1, byCode: { token_missing: 1 } }]);
  });
});
