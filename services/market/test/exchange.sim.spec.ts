import { eventCodec } from '@specie/contracts';
import {
  InMemoryEventStore,
  type AppendOutcome,
  type AppendRequest,
  type CommandContext,
  type EventStore,
} from '@specie/event-sourcing';
import { microMoney, microTokens, microTokensPerLot } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  newExchange,
  ordersWithin,
  type Exchange,
  type ExchangeCommand,
  type ExchangeEvent,
} from '../src/domain/exchange/index.js';
import { plainMatching } from '../src/domain/plain-matching.js';
import { ShardWriter, shardStreamId, type ShardHandled } from '../src/writer/shard-writer.js';

const seeds = Array.from({ length: 12 }, (_, index) => 20_261_122 + index);
const now = '2026-11-22T12:00:00.000Z';

/** mulberry32: small, seeded, good enough to pick commands. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const uuid = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const partyIds = [1, 2, 3, 4, 5].map((n) => uuid(1, n));
const seriesIds = [1, 2].map((n) => uuid(2, n));
const tradeIdOf = (n: number): string => uuid(3, n);

/** The log of a database that goes away: an append may be lost, or committed without anybody hearing of it. */
class CrashingStore implements EventStore {
  readonly inner = new InMemoryEventStore();
  constructor(private readonly random: (below: number) => number) {}

  async append(request: AppendRequest): Promise<AppendOutcome> {
    const luck = this.random(100);
    if (luck < 3) {
      throw new Error('connection lost before the commit');
    }
    const outcome = await this.inner.append(request);
    if (luck < 6) {
      throw new Error('connection lost after the commit');
    }
    return outcome;
  }
  readStream: EventStore['readStream'] = (streamId, after) =>
    this.inner.readStream(streamId, after);
  readAll: EventStore['readAll'] = (after, limit) => this.inner.readAll(after, limit);
  findAnswer: EventStore['findAnswer'] = (scope, key) => this.inner.findAnswer(scope, key);
  recordAnswer: EventStore['recordAnswer'] = (idempotency) => this.inner.recordAnswer(idempotency);
}

class Simulation {
  readonly random: (below: number) => number;
  readonly store: CrashingStore;
  /** The exchange of every engine made so far; the last one is the writer's memory. */
  readonly memories: Exchange[] = [];
  readonly writer: ShardWriter;
  readonly ineligible = new Set<string>();
  private commandCount = 0;
  private readonly orderIds: string[] = [];
  private readonly withdrawalIds: string[] = [];

  constructor(seed: number) {
    this.random = randomOf(seed);
    this.store = new CrashingStore(this.random);
    this.writer = this.newWriter();
  }

  newWriter(): ShardWriter {
    return new ShardWriter({
      store: this.store,
      codec: eventCodec,
      newMatching: () => {
        const exchange = newExchange();
        this.memories.push(exchange);
        return plainMatching(exchange);
      },
      knownIds: async (ids) => new Set((await this.idsInLog()).filter((id) => ids.includes(id))),
      eligibleParties: (ids) =>
        Promise.resolve(new Set(ids.filter((id) => !this.ineligible.has(id)))),
      tradeIdOf,
    });
  }

  /** Sends one command as a client would: the same one again, with the same key, until it is answered. */
  async send(command: ExchangeCommand): Promise<ShardHandled> {
    this.commandCount += 1;
    const commandId = `${uuid(9, this.commandCount).slice(0, 24)}${(this.commandCount * 4_096).toString(16).padStart(12, '0')}`;
    const context: CommandContext = {
      commandId,
      now,
      actor: partyIds[0] ?? '',
      correlationId: commandId,
      causationId: commandId,
      idempotency: { scope: 'simulation', key: commandId, bodyHash: commandId },
    };
    for (let attempt = 1; attempt <= 100; attempt += 1) {
      const handled = await this.writer.submit({
        command,
        context,
        answer: (_events, streamVersion) => streamVersion,
      });
      if (handled.outcome !== 'contended') {
        return handled;
      }
    }
    throw new Error('a command was never answered');
  }

  randomCommand(): ExchangeCommand {
    const { random } = this;
    const partyId = pick(partyIds, random);
    const seriesId = pick(seriesIds, random);
    const n = this.commandCount + 1 + random(3) * 100_000;
    switch (random(20)) {
      case 0:
        return {
          kind: 'deposit-cash',
          depositId: uuid(4, n),
          partyId,
          currency: 'USD',
          amount: microMoney(BigInt(random(5_000_000))),
        };
      case 1:
        return {
          kind: 'withdraw-cash',
          withdrawalId: uuid(5, n),
          partyId,
          currency: 'USD',
          amount: microMoney(BigInt(random(3_000_000))),
        };
      case 2:
        return {
          kind: 'credit-tokens',
          escrowId: uuid(6, n),
          partyId,
          seriesId,
          quantity: microTokens(BigInt(1 + random(2_000_000))),
        };
      case 3: {
        const withdrawalId = uuid(7, n);
        this.withdrawalIds.push(withdrawalId);
        return {
          kind: 'request-withdrawal',
          withdrawalId,
          partyId,
          seriesId,
          quantity: microTokens(BigInt(random(900_000))),
        };
      }
      case 4:
        return random(3) === 0
          ? {
              kind: 'revert-withdrawal',
              withdrawalId: pick([uuid(7, 0), ...this.withdrawalIds], random),
              reason: 'escrow_refused',
            }
          : {
              kind: 'complete-withdrawal',
              withdrawalId: pick([uuid(7, 0), ...this.withdrawalIds], random),
            };
      case 5:
      case 6:
      case 7:
        return {
          kind: 'cancel-order',
          orderId: pick([uuid(8, 0), ...this.orderIds.slice(-40)], random),
          partyId: random(2) ? null : partyId,
        };
      case 8:
        return random(10) === 0
          ? { kind: 'cancel-all-orders', partyId }
          : this.randomOrder(partyId, seriesId, n);
      default:
        return this.randomOrder(partyId, seriesId, n);
    }
  }

  private randomOrder(partyId: string, seriesId: string, n: number): ExchangeCommand {
    const { random } = this;
    const orderId = random(50) === 0 ? pick([uuid(8, n), ...this.orderIds], random) : uuid(8, n);
    this.orderIds.push(orderId);
    const orderKind = random(6) === 0 ? 'market' : 'limit';
    const timeInForce = pick(['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const, random);
    return {
      kind: 'place-order',
      orderId,
      seriesId,
      partyId,
      side: random(2) ? 'buy' : 'sell',
      orderKind,
      timeInForce,
      priceTicks: 990 + random(21),
      quantityLots: random(60),
    };
  }

  async log(): Promise<readonly ExchangeEvent[]> {
    const recorded = await this.store.readStream(shardStreamId);
    return recorded.map((event) => eventCodec.decode(event) as ExchangeEvent);
  }

  private async idsInLog(): Promise<string[]> {
    const idFields = ['orderId', 'depositId', 'escrowId', 'withdrawalId'] as const;
    return (await this.log()).flatMap(({ data }) =>
      idFields.flatMap((field) =>
        field in data ? [(data as Readonly<Record<string, unknown>>)[field] as string] : [],
      ),
    );
  }
}

function pick<T>(items: readonly [T, ...T[]] | readonly T[], random: (below: number) => number): T {
  return items[random(items.length)] as T;
}

function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((total, value) => total + value, 0n);
}

function totalOf(
  events: readonly ExchangeEvent[],
  type: ExchangeEvent['type'],
  seriesId?: string,
): bigint {
  return sum(
    events
      .filter(
        (event) =>
          event.type === type &&
          (seriesId === undefined ||
            ('seriesId' in event.data && event.data.seriesId === seriesId)),
      )
      .map(({ data }) =>
        'amount' in data ? data.amount : 'quantity' in data ? data.quantity : 0n,
      ),
  );
}

/** X1 to X4 of the exchange, from the log alone on the one side and memory on the other. */
function checkInvariants(exchange: Exchange, events: readonly ExchangeEvent[]): void {
  const cash = [...exchange.cash.values()];
  const deposits =
    totalOf(events, 'market.cash-deposited') - totalOf(events, 'market.cash-withdrawn');
  expect(deposits).toBe(
    sum(cash.map(({ available, reserved }) => available + reserved)) + exchange.feesEarned,
  );
  expect(exchange.cashTotal).toBe(deposits);
  for (const seriesId of seriesIds) {
    const held = [...exchange.tokens]
      .filter(([key]) => key.startsWith(seriesId))
      .map(([, { available, reserved }]) => available + reserved);
    const pending = [...exchange.pendingWithdrawals.values()]
      .filter((data) => data.seriesId === seriesId)
      .map(({ quantity }) => quantity);
    expect(
      totalOf(events, 'market.tokens-deposited', seriesId) -
        totalOf(events, 'market.withdrawal-completed', seriesId),
    ).toBe(sum(held) + sum(pending));
    const book = exchange.books.get(seriesId);
    const bestBid = book?.bids.prices[0] ?? 0;
    expect(bestBid < (book?.asks.prices[0] ?? 2 ** 20)).toBe(true);
  }
  const orders = [...exchange.openOrders.values()];
  for (const partyId of partyIds) {
    const own = orders.filter((order) => order.partyId === partyId);
    const buys = own
      .filter(({ side }) => side === 'buy')
      .map(({ leavesLots, reservedPerLot }) => BigInt(leavesLots) * reservedPerLot);
    expect(exchange.cash.get(partyId)?.reserved ?? 0n).toBe(sum(buys));
    for (const seriesId of seriesIds) {
      const sells = own.filter((order) => order.side === 'sell' && order.seriesId === seriesId);
      expect(exchange.tokens.get(`${seriesId}/${partyId}`)?.reserved ?? 0n).toBe(
        sum(sells.map(({ leavesLots }) => BigInt(leavesLots) * microTokensPerLot)),
      );
    }
  }
}

/** X5 and X7 by a second, naive reading of the log: a list of orders, the best of which must be the next maker. */
function checkPriority(events: readonly ExchangeEvent[]): void {
  const open = new Map<
    string,
    {
      seriesId: string;
      side: string;
      partyId: string;
      price: number;
      number: number;
      leaves: number;
    }
  >();
  for (const { type, data } of events) {
    if (type === 'market.order-accepted') {
      open.set(data.orderId, {
        seriesId: data.seriesId,
        side: data.side,
        partyId: data.partyId,
        price: data.priceTicks,
        number: data.orderNumber,
        leaves: data.quantityLots,
      });
    } else if (type === 'market.order-cancelled') {
      expect(open.get(data.orderId)?.leaves).toBe(data.leavesLots);
      open.delete(data.orderId);
    } else if (type === 'market.trade-executed') {
      const maker = open.get(data.makerOrderId);
      const taker = open.get(data.takerOrderId);
      if (!maker || !taker) {
        throw new Error('a trade names an order that is not open');
      }
      const better = [...open.values()].filter(
        (order) =>
          order !== taker &&
          order.seriesId === maker.seriesId &&
          order.side === maker.side &&
          (order.price === maker.price
            ? order.number < maker.number
            : order.price < maker.price === (maker.side === 'sell')),
      );
      expect(better).toEqual([]);
      expect(data.priceTicks).toBe(maker.price);
      expect(data.buyerPartyId).not.toBe(data.sellerPartyId);
      for (const [orderId, order] of [
        [data.makerOrderId, maker],
        [data.takerOrderId, taker],
      ] as const) {
        order.leaves -= data.quantityLots;
        if (order.leaves === 0) {
          open.delete(orderId);
        }
      }
    }
  }
}

function rebuild(events: readonly ExchangeEvent[]): Exchange {
  const exchange = newExchange();
  const engine = plainMatching(exchange);
  events.forEach((event) => engine.replay(event));
  return exchange;
}

async function run(seed: number, commandCount: number): Promise<Simulation> {
  const simulation = new Simulation(seed);
  await simulation.writer.open();
  for (const seriesId of seriesIds) {
    const terms = {
      currency: 'USD',
      makerFeeBps: 7,
      takerFeeBps: 33,
      minimumLots: 1,
      maximumLots: 50,
    } as const;
    await simulation.send({ kind: 'open-book', seriesId, ...terms });
  }
  while (commandCount > 0) {
    // Bursts of commands are under way together, as requests of many clients are.
    const burst = Math.min(commandCount, 1 + simulation.random(40));
    commandCount -= burst;
    const sent = Array.from({ length: burst }, () => simulation.send(simulation.randomCommand()));
    await Promise.all(sent);
    if (simulation.random(4) === 0) {
      const partyId = pick(partyIds, simulation.random);
      simulation.ineligible.clear();
      simulation.ineligible.add(partyId);
    }
  }
  return simulation;
}

describe('The exchange under random commands and a log that fails', () => {
  it.each(seeds)('keeps its invariants and equals its log, SEED=%i', async (seed) => {
    const simulation = await run(seed, 1_500);
    const events = await simulation.log();
    const rebuilt = rebuild(events);
    checkInvariants(rebuilt, events);
    checkPriority(events);
    // The last answered command may have left the writer with memory to throw away; one more makes it current.
    await simulation.send({ kind: 'cancel-all-orders', partyId: uuid(1, 99) });
    expect(simulation.memories.at(-1)).toEqual(rebuild(await simulation.log()));
    expect(events.filter(({ type }) => type === 'market.trade-executed').length).toBeGreaterThan(
      50,
    );
  });

  it('takes over with the same books: a second writer agrees with the first', async () => {
    const simulation = await run(7, 800);
    const second = simulation.newWriter();
    await second.open();
    const exchange = simulation.memories.at(-1);
    expect(exchange).toEqual(rebuild(await simulation.log()));
    expect(
      [
        ...ordersWithin(
          exchange?.books.get(seriesIds[0] ?? '')?.bids ?? {
            side: 'buy',
            prices: [],
            levels: new Map(),
          },
          0,
        ),
      ].length,
    ).toBeGreaterThan(0);
  });

  it('never trades with a party that may not trade (X7)', async () => {
    const simulation = await run(11, 600);
    const barred = partyIds[2] ?? '';
    const before = (await simulation.log()).length;
    simulation.ineligible.clear();
    simulation.ineligible.add(barred);
    await Promise.all(
      Array.from({ length: 400 }, () => simulation.send(simulation.randomCommand())),
    );
    const after = (await simulation.log()).slice(before);
    const trades = after.flatMap(({ type, data }) =>
      type === 'market.trade-executed' ? [data.buyerPartyId, data.sellerPartyId] : [],
    );
    expect(trades.length).toBeGreaterThan(0);
    expect(trades).not.toContain(barred);
  });

  it('answers every command exactly once whatever was lost (S9)', async () => {
    const simulation = await run(13, 300);
    const commandIds = (await simulation.store.readStream(shardStreamId)).map(
      ({ commandId }) => commandId,
    );
    const runs = commandIds.filter((commandId, index) => commandId !== commandIds[index - 1]);
    expect(new Set(runs).size).toBe(runs.length);
  });
});
