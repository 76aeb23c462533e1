import { microMoney, microTokens } from '@specie/quantities';
import { pick, randomFrom, seedOr, type RandomBelow } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import type { ExchangeCommand } from './exchange.commands.js';
import type { MatchingPort } from './matching-port.js';
import { plainMatching } from './plain-matching.js';

const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const parties = Array.from({ length: 60 }, (_, n) => id(1, n));
const series = [id(2, 1), id(2, 2)];

const restingCount = 150;
/** The last ten parties send the batch; everybody has an order or a few in the books before. */
const ownerOf = (n: number): string =>
  parties[n < restingCount ? (n * 7) % 50 : 50 + (n % 10)] ?? '';

/** Orders about a few prices, large ones and small ones, and cancels of those before them. */
function commandsOf(
  random: RandomBelow,
  { from, count, side }: { from: number; count: number; side?: 'buy' | 'sell' },
): ExchangeCommand[] {
  return Array.from({ length: count }, (_, index) => {
    const orderNumber = from + index;
    const kind = random(8);
    if (kind === 0) {
      return { kind: 'cancel-all-orders', partyId: ownerOf(random(from + 1)) };
    }
    if (kind < 3) {
      const cancelled = random(from + 1);
      return { kind: 'cancel-order', partyId: ownerOf(cancelled), orderId: id(3, cancelled) };
    }
    return {
      kind: 'place-order',
      orderId: id(3, orderNumber),
      partyId: ownerOf(orderNumber),
      seriesId: pick(series, random),
      side: side ?? (random(2) ? 'buy' : 'sell'),
      orderKind: 'limit',
      timeInForce: side ? 'IOC' : pick(['GTC', 'GTC', 'IOC', 'FOK'] as const, random),
      priceTicks: side ? { buy: 1_010, sell: 990 }[side] : 995 + random(11),
      quantityLots: 1 + random(random(4) === 0 ? 200 : 10),
    };
  });
}

function venue(): ExchangeCommand[] {
  const terms = { currency: 'USD', makerFeeBps: 7, takerFeeBps: 33 } as const;
  return series.flatMap((seriesId, n): ExchangeCommand[] => [
    { kind: 'open-book', seriesId, ...terms, minimumLots: 1, maximumLots: 1_000 },
    ...parties.flatMap((partyId, m): ExchangeCommand[] => [
      {
        kind: 'deposit-cash',
        depositId: id(4 + n, m),
        partyId,
        currency: 'USD',
        amount: microMoney(1_000_000_000n),
      },
      {
        kind: 'credit-tokens',
        escrowId: id(6 + n, m),
        partyId,
        seriesId,
        quantity: microTokens(1_000_000_000n),
      },
    ]),
  ]);
}

const tradeIdOf = (n: number): string => id(8, n);

/** Runs commands one after another, as the writer does. */
function run(
  engine: MatchingPort,
  commands: readonly ExchangeCommand[],
  isEligible: (partyId: string) => boolean = () => true,
): void {
  for (const command of commands) {
    engine.execute(command, { isKnownParty: () => true, isEligible, earlier: null, tradeIdOf });
  }
}

describe('The parties that a batch of commands concerns', () => {
  const seeds = Array.from({ length: 60 }, (_, n) => seedOr(20_261_128) + n);

  it.each(seeds)('are all whose eligibility is asked while it is decided, SEED=%i', (seed) => {
    const random = randomFrom(seed);
    const engine = plainMatching();
    run(engine, [...venue(), ...commandsOf(random, { from: 0, count: restingCount })]);
    const barred = new Set(parties.filter(() => random(10) === 0 && seed % 2 === 0));

    // Where all orders are of one side and take what they can, they reach as far as is foreseen.
    const side = pick(['buy', 'sell', 'both'] as const, random);
    const batch = commandsOf(random, {
      from: restingCount,
      count: 1 + random(20),
      ...(side === 'both' ? {} : { side }),
    });
    const known = new Set<string>();
    let queryCount = 0;
    for (let size = -1; size < known.size;) {
      size = known.size;
      const isEligible = (partyId: string): boolean => !known.has(partyId) || !barred.has(partyId);
      for (const partyId of engine.partiesConcerned(batch, isEligible)) known.add(partyId);
      queryCount += known.size > size ? 1 : 0;
    }
    // One answer is enough where everybody may trade.
    expect(queryCount).toBeLessThanOrEqual(barred.size === 0 ? 1 : 1 + barred.size);
    run(engine, batch, (partyId) => {
      expect(known).toContain(partyId);
      return !barred.has(partyId);
    });
  });

  it('are no more than its orders can meet', () => {
    const engine = plainMatching();
    const order = (n: number, side: 'buy' | 'sell', quantityLots: number) =>
      ({
        kind: 'place-order',
        orderId: id(3, n),
        partyId: parties[n] ?? '',
        seriesId: series[0] ?? '',
        side,
        orderKind: 'limit',
        timeInForce: 'GTC',
        priceTicks: 1_000,
        quantityLots,
      }) as const;
    run(engine, [...venue(), ...Array.from({ length: 30 }, (_, n) => order(n, 'buy', 10))]);
    const batch = [order(40, 'sell', 25), order(41, 'sell', 5), order(42, 'buy', 5)];
    expect([...engine.partiesConcerned(batch, () => true)]).toEqual([
      ...[40, 41, 42].map((n) => parties[n]),
      ...[0, 1, 2].map((n) => parties[n]),
    ]);
  });
});
