/** A bigint that cannot be mixed with another quantity by accident. */
export type Quantity<Unit extends string> = bigint & { readonly __unit: Unit };

/** 10^-6 token; 1 token = the right to 1 H100-equivalent GPU-hour. JSON: "12.500000". */
export type MicroTokens = Quantity<'micro-token'>;
/** 10^-6 of a currency's main unit (with an ISO 4217 code beside it). JSON: "2.500000". */
export type MicroMoney = Quantity<'micro-money'>;
/** Whole shares. JSON: "1111111". */
export type Shares = Quantity<'share'>;
/** Whole GPUs x whole seconds. JSON: "3600". */
export type GpuSeconds = Quantity<'gpu-second'>;
/** Seconds x GPU fraction (1/7000) x H100e weight (ppm). 1 token = 25,200,000,000,000 atoms. JSON: "25200000000000". */
export type Atoms = Quantity<'atom'>;

/** 3,600 s x 7,000 x 1,000,000 ppm. */
export const atomsPerToken = 25_200_000_000_000n;
export const microPerUnit = 1_000_000n;
export const atomsPerMicroToken = atomsPerToken / microPerUnit;
/** GPU fractions are counted in 1/7000: both MIG sevenths/eighths and milli-GPUs are exact. */
export const fractionUnitsPerGpu = 7_000n;
/** A lot is 0.01 token, a tick is $0.0001: 1 lot x 1 tick = 1 micro-dollar exactly. */
export const microTokensPerLot = 10_000n;
/** No quantity in an event exceeds this, so 2^63-bounded columns and sums of 2^24 rows stay exact. */
export const quantityMax = 10n ** 18n;

export const microTokens = (value: bigint): MicroTokens => value as MicroTokens;
export const microMoney = (value: bigint): MicroMoney => value as MicroMoney;
export const shares = (value: bigint): Shares => value as Shares;
export const gpuSeconds = (value: bigint): GpuSeconds => value as GpuSeconds;
export const atoms = (value: bigint): Atoms => value as Atoms;

/** Adds quantities of one unit. */
export function add<Q extends bigint>(...terms: readonly Q[]): Q {
  return terms.reduce<bigint>((sum, term) => sum + term, 0n) as Q;
}

/** `minuend - subtrahend`, of one unit; may be negative. */
export function subtract<Q extends bigint>(minuend: Q, subtrahend: Q): Q {
  return ((minuend as bigint) - (subtrahend as bigint)) as Q;
}

export function min<Q extends bigint>(a: Q, b: Q): Q {
  return a < b ? a : b;
}

const decimalPattern = /^(0|[1-9]\d{0,18})(?:\.(\d{1,6}))?$/;

/**
 * Reads a decimal string with at most six fraction digits ("12.5") as micro-units (12500000n).
 *
 * @returns null if the text is not such a number (signs, exponents, blanks and leading zeros are refused).
 */
export function parseMicro(text: string): bigint | null {
  const match = decimalPattern.exec(text);
  if (!match) {
    return null;
  }
  return BigInt(match[1] ?? '0') * microPerUnit + BigInt((match[2] ?? '').padEnd(6, '0'));
}

/** Micro-units as a decimal string with exactly six fraction digits: 12500000n -> "12.500000". */
export function formatMicro(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  const fraction = (magnitude % microPerUnit).toString().padStart(6, '0');
  return `${value < 0n ? '-' : ''}${magnitude / microPerUnit}.${fraction}`;
}
