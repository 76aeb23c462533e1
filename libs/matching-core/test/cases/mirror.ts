import type { Case } from './play.js';

const AXIS = 200;

/** The same case seen from the other side: buy and sell, bids and asks change places, prices turn around 100. */
export function mirrored(script: string): string {
  const turn = (price: string) => (price === '0' ? price : String(AXIS - Number(price)));
  return script
    .replace(/\bbuy\b|\bsell\b/g, (side) => (side === 'buy' ? 'sell' : 'buy'))
    .replace(/\bbids\b|\basks\b/g, (side) => (side === 'bids' ? 'asks' : 'bids'))
    .replace(/@(\d+)/g, (_, price: string) => `@${turn(price)}`)
    .replace(/\b(stop|last) (\d+)/g, (_, word: string, price: string) => `${word} ${turn(price)}`);
}

/** Two cases from one script, which is written for the first id. */
export function bothSides(idA: string, idB: string, title: string, script: string): Case[] {
  return [
    [idA, title, script],
    [idB, `${title} (other side)`, mirrored(script)],
  ];
}
