import {
  formatMicro,
  gpuSkus,
  parseMicro,
  quantityMax,
  type Atoms,
  type GpuSeconds,
  type GpuSku,
  type MicroMoney,
  type MicroTokens,
  type Shares,
} from '@specie/quantities';
import { z } from 'zod';

/** A decimal string with up to six fraction digits on the wire, micro-units in the domain. */
function microCodec<Q extends bigint>(): z.ZodCodec<z.ZodString, z.ZodCustom<Q, Q>> {
  return z.codec(z.string().regex(/^(0|[1-9]\d{0,11})(\.\d{1,6})?$/), z.custom<Q>(isQuantity), {
    decode: (text) => (parseMicro(text) ?? -1n) as Q,
    encode: (value) => formatMicro(value),
  });
}

/** A whole number as a decimal string on the wire, bigint in the domain. */
function integerCodec<Q extends bigint>(): z.ZodCodec<z.ZodString, z.ZodCustom<Q, Q>> {
  return z.codec(
    z.string().regex(/^(0|[1-9]\d{0,37})$/),
    z.custom<Q>((value) => typeof value === 'bigint' && value >= 0n),
    {
      decode: (text) => BigInt(text) as Q,
      encode: (value) => value.toString(),
    },
  );
}

function isQuantity(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n && value <= quantityMax;
}

/** Tokens: "12.500000" <-> 12500000n micro-tokens. */
export const tokenQuantity = microCodec<MicroTokens>();
/** Money or a price per token: "2.500000" <-> 2500000n micro-units of the currency beside it. */
export const moneyQuantity = microCodec<MicroMoney>();
/** Shares: "1111111" <-> 1111111n. */
export const shareQuantity = integerCodec<Shares>();
/** GPU-seconds: "3600" <-> 3600n. */
export const gpuSecondQuantity = integerCodec<GpuSeconds>();
/** Metering atoms: "25200000000000" <-> 25200000000000n. */
export const atomQuantity = integerCodec<Atoms>();

export const id = z.uuid();
/**
 * UTC instant, ISO 8601, of the years 1970 to 9999: PostgreSQL and JavaScript disagree about others. To the millisecond:
 * finer ones would be stored as sent, yet compared and counted as cut off.
 */
export const instant = z.iso
  .datetime()
  .max(
    '2026-03-01T12:00:00.000Z'.length,
    'Expected at most milliseconds: no more than three fraction digits.',
  )
  .refine((text) => text >= '1970', 'Expected a year from 1970 to 9999.');
/** Calendar day, UTC, of the years 1800 to 9999: a day of birth is one. */
export const day = z.iso
  .date()
  .refine((text) => text >= '1800', 'Expected a year from 1800 to 9999.');
export const currency = z.enum(['USD']);
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** ISO 3166-1 alpha-2. */
export const country = z.string().regex(/^[A-Z]{2}$/);
export const ppm = z.int().min(0).max(100_000_000);
export const bps = z.int().min(0).max(10_000);
/** A grace period: at most as long as usage may be reported late at all, 35 days. */
export const graceSeconds = z.int().min(0).max(3_024_000);
export const count = z.int().min(0).max(1_000_000_000);
export const sku = z.enum(gpuSkus as readonly [GpuSku, ...GpuSku[]]);
/** A rejection code of the service that refused: lower snake case. */
export const reasonCode = z.string().regex(/^[a-z][a-z0-9_]{2,63}$/);
/** Ids that come from outside (a meter's record id, a node): printable, no blanks, not a name of a person. */
export const externalId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/);
/** Lots and ticks fit a plain integer: see the matching core's limits. */
export const lots = z.int().min(0).max(2_147_483_647);
export const ticks = z.int().min(0).max(1_048_575);
/** Signed-free micro-dollar amounts of the market, below 2^53. */
export const microDollars = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
