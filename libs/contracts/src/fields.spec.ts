import { microTokens, quantityMax } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { atomQuantity, day, instant, moneyQuantity, tokenQuantity } from './fields.js';

describe('Quantity codecs', () => {
  it('carry micro-units as decimal strings', () => {
    expect(z.decode(tokenQuantity, '12.5')).toBe(12_500_000n);
    expect(z.encode(tokenQuantity, microTokens(12_500_000n))).toBe('12.500000');
  });

  it.each(['-1', '1e3', '01', '', ' 1', '1.0000001', '1000000000000.5', 'NaN', '1000000000001'])(
    'refuse %j',
    (text) => {
      expect(z.safeDecode(tokenQuantity, text).success).toBe(false);
    },
  );

  it('refuse negative and overflowing values on the way out', () => {
    expect(z.safeEncode(moneyQuantity, -1n as never).success).toBe(false);
    expect(z.safeEncode(moneyQuantity, (quantityMax + 1n) as never).success).toBe(false);
  });

  it('carry integers far above 2^53 exactly', () => {
    const text = '24647577514000000000000000001';
    expect(z.encode(atomQuantity, z.decode(atomQuantity, text))).toBe(text);
  });

  it.each(['T10:00:00Z', 'T10:00:00.5Z', 'T10:00:00.123Z'])('take the instant %s', (time) => {
    expect(instant.safeParse(`2026-11-22${time}`).success).toBe(true);
  });

  it.each(['T10:00:00.1234Z', 'T10:00:00.123456789Z'])('refuse the precision of %s', (time) => {
    const parsed = instant.safeParse(`2026-11-22${time}`);
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      'Expected at most milliseconds: no more than three fraction digits.',
    ]);
  });

  it.each(['0000', '0001', '1969', '-001', '+10000'])('refuse the year %s', (year) => {
    expect(instant.safeParse(`${year}-01-01T00:00:00Z`).success).toBe(false);
    expect(instant.safeParse('1970-01-01T00:00:00Z').success).toBe(true);
    expect(instant.safeParse('9999-12-31T23:59:59.999Z').success).toBe(true);
  });

  it.each(['0000', '0001', '1799', '10000'])('refuse days of the year %s', (year) => {
    expect(day.safeParse(`${year}-01-01`).success).toBe(false);
    expect(day.safeParse('1800-01-01').success).toBe(true);
    expect(day.safeParse('9999-12-31').success).toBe(true);
  });

  it('take instants in UTC only', () => {
    expect(instant.safeParse('2026-11-22T10:00:00.000Z').success).toBe(true);
    expect(instant.safeParse('2026-11-22T10:00:00.000+01:00').success).toBe(false);
  });
});
