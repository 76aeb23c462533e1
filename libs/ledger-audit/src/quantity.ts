import { parseMicro } from '@specie/quantities';

const fractionStart = 7;

/** Micro-units of a decimal string that the event schema has accepted. */
export function micro(text: string): bigint {
  const dot = text.length - fractionStart;
  // The usual form has six fraction digits: dropping the point is all there is to do.
  return text.charCodeAt(dot) === 46
    ? BigInt(text.slice(0, dot) + text.slice(dot + 1))
    : (parseMicro(text) ?? 0n);
}
