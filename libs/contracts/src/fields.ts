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
  const text = z
    .string()
    .regex(
      /^(0|[1-9]\d{0,11})(\.\d{1,6})?$/,
      'Expected a decimal number as text, below 1000000000000, at most six digits after the point.',
    );
  return z.codec(text, z.custom<Q>(isQuantity), {
    decode: (text) => (parseMicro(text) ?? -1n) as Q,
    encode: (value) => formatMicro(value),
  });
}

/** A whole number as a decimal string on the wire, bigint in the domain. */
function integerCodec<Q extends bigint>(): z.ZodCodec<z.ZodString, z.ZodCustom<Q, Q>> {
  return z.codec(
    z.string().regex(/^(0|[1-9]\d{0,37})$/, 'Expected a whole number as text.'),
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
export const tokenQuantity = microCodec<MicroTokens>().meta({
  description:
    'In tokens, as a decimal string with up to six digits after the point; one token is one H100-equivalent GPU-hour.',
  examples: ['12.500000'],
});
/** Money or a price per token: "2.500000" <-> 2500000n micro-units of the currency beside it. */
export const moneyQuantity = microCodec<MicroMoney>().meta({
  description: 'In the currency, as a decimal string with up to six digits after the point.',
  examples: ['2.500000'],
});
/** Shares: "1111111" <-> 1111111n. */
export const shareQuantity = integerCodec<Shares>().meta({
  description: 'In whole shares, as a decimal string.',
  examples: ['1111111'],
});
/** GPU-seconds: "3600" <-> 3600n. */
export const gpuSecondQuantity = integerCodec<GpuSeconds>().meta({
  description:
    'In GPU-seconds (one whole GPU for one second, whatever its SKU), as a decimal string.',
  examples: ['3600'],
});
/** Metering atoms: "25200000000000" <-> 25200000000000n. */
export const atomQuantity = integerCodec<Atoms>().meta({
  description:
    'In atoms, as a decimal string. An atom is a second x 1/7000 GPU x 1 ppm of H100-equivalence; 25,200,000,000,000 atoms are one token.',
  examples: ['25200000000000'],
});

export const id = z.uuid().meta({ description: 'A UUID in lower case.', examples: [exampleId(1)] });
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
  .refine((text) => text >= '1970', 'Expected a year from 1970 to 9999.')
  .meta({
    description: 'A date and time in UTC, ISO 8601 with a Z, to the millisecond.',
    examples: ['2026-03-01T12:00:00.000Z'],
  });
/** Calendar day, UTC, of the years 1800 to 9999: a day of birth is one. */
export const day = z.iso
  .date()
  .refine((text) => text >= '1800', 'Expected a year from 1800 to 9999.')
  .meta({ description: 'A day in UTC, year-month-day.', examples: ['2026-03-01'] });
export const currency = z
  .enum(['USD'])
  .meta({ description: 'The currency, ISO 4217.', examples: ['USD'] });
export const sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Expected a SHA-256 in 64 lower-case hexadecimal digits.')
  .meta({
    description: 'A SHA-256 in 64 lower-case hexadecimal digits.',
    examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  });
/** ISO 3166-1 alpha-2. */
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'Expected the two capital letters of a country.')
  .meta({ description: 'The country, ISO 3166-1 alpha-2.', examples: ['SE'] });
export const ppm = z
  .int()
  .min(0)
  .max(100_000_000)
  .meta({
    description: 'In parts per million: 1,000,000 is the whole, 100,000 is 10 %.',
    examples: [100_000],
  });
export const bps = z
  .int()
  .min(0)
  .max(10_000)
  .meta({
    description: 'In basis points: 10,000 is the whole, 100 is 1 %.',
    examples: [10],
  });
/** A grace period: at most as long as usage may be reported late at all, 35 days. */
export const graceSeconds = z
  .int()
  .min(0)
  .max(3_024_000)
  .meta({ description: 'In seconds.', examples: [3_600] });
export const count = z
  .int()
  .min(0)
  .max(1_000_000_000)
  .meta({ examples: [8] });
export const sku = z.enum(gpuSkus as readonly [GpuSku, ...GpuSku[]]).meta({
  description: 'The GPU model; each has a weight in the H100-equivalence table.',
  examples: ['H100-SXM'],
});
/** A rejection code of the service that refused: lower snake case. */
export const reasonCode = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{2,63}$/,
    'Expected a code: 3 to 64 lower-case letters, digits and underscores, a letter first.',
  )
  .meta({ description: 'A code in lower snake case.', examples: ['party_ineligible'] });
/** Ids that come from outside (a meter's record id, a node): printable, no blanks, not a name of a person. */
export const externalId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/,
    'Expected 1 to 128 letters, digits and . _ : / - with a letter or digit first.',
  )
  .meta({ examples: ['node-7'] });
/** Lots and ticks fit a plain integer: see the matching core's limits. */
export const lots = z
  .int()
  .min(0)
  .max(2_147_483_647)
  .meta({ description: 'In lots of 0.01 token: 100 is one token.', examples: [2_000] });
export const ticks = z
  .int()
  .min(0)
  .max(1_048_575)
  .meta({
    description: 'The price of one token in ticks of $0.0001: 25,000 is $2.50.',
    examples: [25_000],
  });
/** Signed-free micro-dollar amounts of the market, below 2^53. */
export const microDollars = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({
    description: 'In micro-dollars: 1,000,000 is $1.',
    examples: [2_500_000],
  });

/** What was paid (positive) or given back (negative), in micro-dollars. */
export const signedMicroDollars = z
  .int()
  .min(-Number.MAX_SAFE_INTEGER)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({
    description: 'In micro-dollars: 1,000,000 is $1; negative is a rebate.',
    examples: [100_000],
  });

/** A UUID for examples; the same number is the same thing wherever it is shown. */
export function exampleId(number: number): string {
  return `0192d1a0-7b5e-7c3d-8e4f-${String(number).padStart(12, '0')}`;
}
