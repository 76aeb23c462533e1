import type { ViolationDetails } from '@specie/event-sourcing';
import { MatchingCore } from '@specie/matching-core';
import { microMoney, microTokens } from '@specie/quantities';
import { expect, it } from 'vitest';
import { keyOf } from '../src/shard/chosen-ids.js';
import { firstUse } from '../src/shard/first-use.js';
import type {
  EarlierUse,
  OpenBook,
  PlaceOrder,
  ShardCommand,
  TradingPhase,
} from '../src/shard/shard.commands.js';
import { ShardEngine } from '../src/shard/shard-engine.js';
import type { ShardEvent } from '../src/shard/shard-events.js';
import type { ShardDecision, ShardRejection } from '../src/shard/shard-rejections.js';
import { writeSnapshot } from '../src/shard/snapshot.js';
import { Venue } from '../src/shard/venue.js';
import { stateOf } from './shard-state.js';

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
  makerFeePpm: 1_000,
  takerFeePpm: 2_500,
  auctionFeePpm: 1_500,
  priceStepTicks: 1,
  minimumPriceTicks: 1,
  maximumPriceTicks: 1_048_574,
  lotStep: 1,
  minimumLots: 1,
  maximumLots: 1_000_000,
  minimumNotional: 0,
  maximumNotional: 2_251_799_813_685_247,
  protectionTicks: 0,
  reduceKeepsPriority: true,
  selfTradeAllowed: false,
  referenceFollowsTrades: true,
  phase: 'continuous',
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
export const cash = (n: number, partyId: string, amount: bigint): ShardCommand => ({
  kind: 'deposit-cash',
  depositId: otherId(n),
  partyId,
  currency: 'USD',
  amount: microMoney(amount),
});
export const tokens = (n: number, partyId: string, quantity: bigint): ShardCommand => ({
  kind: 'credit-tokens',
  escrowId: otherId(n),
  partyId,
  seriesId: series,
  quantity: microTokens(quantity),
});

/** A venue with one book; Ada has 100 dollars, Bob 50 tokens, Eve both. */
export const venue: readonly ShardCommand[] = [
  openBook,
  cash(1, ada, 100_000_000n),
  tokens(2, bob, 50_000_000n),
  cash(3, eve, 100_000_000n),
  tokens(4, eve, 50_000_000n),
];

/** A book of other terms in place of the venue's. */
export const venueWith = (terms: Partial<OpenBook>): readonly ShardCommand[] => [
  { ...openBook, ...terms },
  ...venue.slice(1),
];
export const phase = (to: TradingPhase): ShardCommand => ({
  kind: 'change-phase',
  seriesId: series,
  to,
  cause: 'operator',
});
export const cancel = (n: number, partyId: string): ShardCommand => ({
  kind: 'cancel-order',
  orderId: orderId(n),
  partyId,
});

/** How many orders and books may be open in a story. */
export const orderCapacity = 8;
const emptyVenue = writeSnapshot(new Venue(new MatchingCore({ orderCapacity, bookCapacity: 2 })));

export class Story {
  readonly engine = new ShardEngine(tradeIdOf, emptyVenue);
  private readonly earlier = new Map<string, EarlierUse>();
  private ineligible: ReadonlySet<string> = new Set();
  private strangers: ReadonlySet<string> = new Set();

  constructor(
    given: readonly ShardCommand[],
    ineligible: readonly string[] = [],
    strangers: readonly string[] = [],
  ) {
    given.forEach((command) => this.when(command));
    this.ineligible = new Set([...ineligible, ...strangers]);
    this.strangers = new Set(strangers);
  }

  get venue(): Venue {
    return this.engine.venue;
  }

  /** Decides the command and carries it out. */
  when(command: ShardCommand): ShardDecision & { readonly events: readonly ShardEvent[] } {
    const key = keyOf(command) ?? '';
    const decision = this.engine.execute(command, {
      isKnownParty: (partyId) => !this.strangers.has(partyId),
      isEligible: (partyId) => !this.ineligible.has(partyId),
      earlier: this.earlier.get(key) ?? null,
      tradeIdOf,
    });
    const named = firstUse(command, decision);
    if (named) {
      this.earlier.set(named.key, named.use);
    }
    return { ...decision, events: decision.events ?? [] };
  }
}

export interface Case {
  readonly given?: readonly ShardCommand[];
  readonly ineligible?: readonly string[];
  readonly strangers?: readonly string[];
  readonly when: ShardCommand;
  /** What the refusal tells beside its code. */
  readonly details?: ViolationDetails;
}

export function refuses<R extends ShardRejection>(
  codes: readonly R[],
  cases: Readonly<Record<R, Case>>,
  recorded: readonly R[] = [],
): void {
  it('has a case for every code, in the order of the checks', () => {
    expect(Object.keys(cases)).toEqual(codes);
  });
  it.each(codes)('refuses with %s and changes nothing', (code) => {
    const { given = venue, ineligible = [], strangers = [], when, details = {} } = cases[code];
    const story = new Story(given, ineligible, strangers);
    const before = stateOf(story.engine);
    const decision = story.when(when);
    const [violation, ...others] = decision.outcome === 'rejected' ? decision.violations : [];
    expect({ code: violation?.code, details: violation?.details ?? {} }).toEqual({ code, details });
    expect(others).toEqual([]);
    expect(decision.events.map(({ type }) => type)).toEqual(
      recorded.includes(code) ? ['market.order-refused'] : [],
    );
    expect(stateOf(story.engine)).toEqual(before);
  });
}
