import { microMoney, microTokens } from '@specie/quantities';
import { expect, it } from 'vitest';
import { keyOf } from '../src/exchange/chosen-ids.js';
import { firstUse } from '../src/exchange/first-use.js';
import { type EarlierUse } from '../src/exchange/exchange.commands.js';
import {
  type ExchangeCommand,
  type OpenBook,
  type PlaceOrder,
} from '../src/exchange/exchange.commands.js';
import {
  decide,
  type ExchangeDecision,
  type ExchangeRejection,
} from '../src/exchange/exchange.decider.js';
import {
  evolve,
  newExchange,
  type Exchange,
  type ExchangeEvent,
} from '../src/exchange/exchange.state.js';

export const series = '5e51e500-0000-4000-8000-000000000001';
export const ada = 'ada00000-0000-4000-8000-000000000001';
export const bob = 'b0b00000-0000-4000-8000-000000000002';
export const eve = 'e0e00000-0000-4000-8000-000000000003';
export const uuidOf = (prefix: string) => (n: number) =>
  `${prefix}-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const orderId = uuidOf('0de00000');
export const otherId = uuidOf('07e00000');
export const tradeIdOf = uuidOf('77ade000');

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

  /** Decides the command and folds what it records. */
  when(command: ExchangeCommand): ExchangeDecision & { readonly events: readonly ExchangeEvent[] } {
    const key = keyOf(command) ?? '';
    const decision = decide(command, this.exchange, {
      isKnownParty: (partyId) => !this.strangers.has(partyId),
      isEligible: (partyId) => !this.ineligible.has(partyId),
      earlier: this.earlier.get(key) ?? null,
      tradeIdOf,
    });
    const events = decision.events ?? [];
    events.forEach((event) => evolve(this.exchange, event));
    const named = firstUse(command, decision);
    if (named) {
      this.earlier.set(named.key, named.use);
    }
    return { ...decision, events };
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
    expect(decision).toMatchObject({ outcome: 'rejected', violations: [{ code }] });
    expect(decision.events.map(({ type }) => type)).toEqual(
      recorded.includes(code) ? ['market.order-refused'] : [],
    );
    expect(story.exchange).toEqual(before);
  });
}
