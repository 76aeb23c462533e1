import { microMoney, microTokens } from '@specie/quantities';
import { expect, it } from 'vitest';
import {
  contentOf,
  decide,
  evolve,
  keyOf,
  namesSomething,
  newExchange,
  type EarlierUse,
  type Exchange,
  type ExchangeCommand,
  type ExchangeDecision,
  type ExchangeRejection,
  type OpenBook,
  type PlaceOrder,
} from '../src/domain/exchange/index.js';

export const series = '5e51e500-0000-4000-8000-000000000001';
export const ada = 'ada00000-0000-4000-8000-000000000001';
export const bob = 'b0b00000-0000-4000-8000-000000000002';
export const eve = 'e0e00000-0000-4000-8000-000000000003';
const numbered = (prefix: string) => (n: number) =>
  `${prefix}-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const orderId = numbered('0de00000');
export const otherId = numbered('07e00000');
export const tradeIdOf = numbered('77ade000');

export const openBook: OpenBook = {
  kind: 'open-book',
  seriesId: series,
  currency: 'USD',
  makerFeeBps: 10,
  takerFeeBps: 25,
  minimumLots: 1,
  maximumLots: 1_000_000,
};
export const buy = (n: number, fields: Partial<PlaceOrder> = {}): PlaceOrder => ({
  kind: 'place-order',
  orderId: orderId(n),
  seriesId: series,
  partyId: ada,
  side: 'buy',
  orderKind: 'limit',
  timeInForce: 'GTC',
  priceTicks: 20_000,
  quantityLots: 100,
  ...fields,
});
export const sell = (n: number, fields: Partial<PlaceOrder> = {}): PlaceOrder =>
  buy(n, { side: 'sell', partyId: bob, ...fields });
export const cash = (n: number, partyId: string, amount: bigint): ExchangeCommand => ({
  kind: 'deposit-cash',
  depositId: otherId(n),
  partyId,
  currency: 'USD',
  amount: microMoney(amount),
});
export const tokens = (n: number, partyId: string, quantity: bigint): ExchangeCommand => ({
  kind: 'credit-tokens',
  escrowId: otherId(n),
  partyId,
  seriesId: series,
  quantity: microTokens(quantity),
});

/** A venue with one book; Ada has 100 dollars, Bob 50 tokens, Eve both. */
export const venue: readonly ExchangeCommand[] = [
  openBook,
  cash(1, ada, 100_000_000n),
  tokens(2, bob, 50_000_000n),
  cash(3, eve, 100_000_000n),
  tokens(4, eve, 50_000_000n),
];

export class Story {
  readonly exchange: Exchange = newExchange();
  private readonly earlier = new Map<string, EarlierUse>();
  private ineligible: ReadonlySet<string> = new Set();
  private strangers: ReadonlySet<string> = new Set();

  constructor(
    given: readonly ExchangeCommand[],
    ineligible: readonly string[] = [],
    strangers: readonly string[] = [],
  ) {
    given.forEach((command) => this.when(command));
    this.ineligible = new Set([...ineligible, ...strangers]);
    this.strangers = new Set(strangers);
  }

  when(command: ExchangeCommand): ExchangeDecision {
    const key = keyOf(command) ?? '';
    const decision = decide(command, this.exchange, {
      isKnownParty: (partyId) => !this.strangers.has(partyId),
      isEligible: (partyId) => !this.ineligible.has(partyId),
      earlier: this.earlier.get(key) ?? null,
      tradeIdOf,
    });
    decision.events.forEach((event) => evolve(this.exchange, event));
    if (decision.events.length > 0 && namesSomething(command)) {
      const refusal = decision.outcome === 'rejected' ? decision.code : null;
      this.earlier.set(key, {
        content: contentOf(command),
        refusal: refusal as EarlierUse['refusal'],
      });
    }
    return decision;
  }
}

export interface Case {
  readonly given?: readonly ExchangeCommand[];
  readonly ineligible?: readonly string[];
  readonly strangers?: readonly string[];
  readonly when: ExchangeCommand;
}

export function refuses<R extends ExchangeRejection>(
  codes: readonly R[],
  cases: Readonly<Record<R, Case>>,
  recorded: readonly R[] = [],
): void {
  it.each(codes)('refuses with %s and changes nothing', (code) => {
    const { given = venue, ineligible = [], strangers = [], when } = cases[code];
    const story = new Story(given, ineligible, strangers);
    const before = structuredClone(story.exchange);
    const decision = story.when(when);
    expect(decision).toMatchObject({ outcome: 'rejected', code });
    expect(decision.events.map(({ type }) => type)).toEqual(
      recorded.includes(code) ? ['market.order-refused'] : [],
    );
    expect(story.exchange).toEqual(before);
  });
}
