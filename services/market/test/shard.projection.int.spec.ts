import type { ServiceApp } from '@specie/nest-platform';
import type { PlacedEvent } from '@specie/postgres-event-store';
import { seedOr } from '@specie/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shardProjection } from '../src/shard/shard.projection.js';
import type { ShardEvent } from '../src/shard/shard-events.js';
import { cashTable, feeTable, orderTable, tokenTable } from '../src/shard/shard.table.js';
import type { Venue as ShardVenue } from '../src/shard/venue.js';
import { playedLog } from './played-log.js';
import { buy, eve, sell, Story, venue as storyVenue } from './shard-story.js';
import { openVenue, startMarket, type Venue } from './open-venue.js';

const seeds = [0, 1, 2].map((n) => seedOr(20_261_128) + n);
const commandCount = 500;
const [opened, funded] = [storyVenue.slice(0, 1), storyVenue.slice(1)];
let venue: Venue;
let service: ServiceApp;

beforeAll(async () => {
  venue = await openVenue();
  service = await startMarket(venue);
  await service.writing();
});
afterAll(() => venue.close());

/** The open orders as the core has them. */
function openIn({ core, orders }: ShardVenue) {
  return [...orders.all()]
    .sort((a, b) => a.orderNumber - b.orderNumber)
    .map(({ orderNumber, partyId, side }) => {
      const order = core.order(orderNumber);
      return {
        orderNumber,
        partyId,
        quantityLots: order?.quantity,
        filledLots: order?.cumQuantity,
        leavesLots: order?.leavesQuantity,
        visibleLots: order?.visibleQuantity,
        isPending: (order?.stopPrice ?? 0) > 0,
        reservedPerLot: BigInt(order?.reservedPerLot ?? 0) * (side === 'sell' ? 10_000n : 1n),
      };
    });
}

function balancesIn(core: ShardVenue) {
  const parties = core.accounts.all();
  return {
    cash: new Map(parties.map((partyId) => [partyId, core.cashOf(partyId)])),
    tokens: new Map(
      core.books
        .all()
        .flatMap((seriesId) =>
          parties.map((partyId) => [`${seriesId}/${partyId}`, core.tokensOf(seriesId, partyId)]),
        ),
    ),
    earned: core.feesEarned,
  };
}

async function openRows() {
  const rows = await service.dataSource
    .getRepository(orderTable.entity)
    .find({ where: { status: 'open' }, order: { orderNumber: 'ASC' } });
  return rows.map((row) => ({
    orderNumber: row.orderNumber,
    partyId: row.partyId,
    quantityLots: row.quantityLots,
    filledLots: row.filledLots,
    leavesLots: row.leavesLots,
    visibleLots: row.visibleLots,
    isPending: row.isPending,
    reservedPerLot: row.reservedPerLot,
  }));
}

async function clear(): Promise<void> {
  for (const { entity } of [orderTable, cashTable, tokenTable, feeTable]) {
    await service.dataSource.manager.clear<object>(entity);
  }
}

async function project(events: readonly ShardEvent[]): Promise<void> {
  const placed = events.map((event) => ({ ...event, occurredAt: '2026-03-02T10:00:00.000Z' }));
  const known = placed.filter(({ type }) => shardProjection.handledTypes.has(type));
  if (known.length > 0) {
    await shardProjection.project(
      service.dataSource.manager,
      known as unknown as PlacedEvent<ShardEvent>[],
    );
  }
}

it('shows the whole peak of an iceberg that lost lots to its own party on its way', async () => {
  await clear();
  const story = new Story(opened);
  const iceberg = { displayLots: 30, selfTradePrevention: 'decrement_and_cancel' } as const;
  for (const command of [
    ...funded,
    sell(1, { partyId: eve, quantityLots: 10 }),
    buy(2, { partyId: eve, ...iceberg }),
    sell(3, { partyId: eve, quantityLots: 7, ...iceberg, displayLots: 7 }),
  ]) {
    await project(story.when(command).events);
    expect(await openRows()).toEqual(openIn(story.venue));
  }
  expect(await openRows()).toMatchObject([{ leavesLots: 83, visibleLots: 23 }]);
});

it.each(seeds)('gives the orders and balances that the core has, SEED=%i', async (seed) => {
  const { manager } = service.dataSource;
  await clear();
  const expected: ReturnType<typeof openIn>[] = [];
  const { venue: played, commands } = playedLog(seed, commandCount, (events, now) => {
    if (events.length > 0) expected.push(openIn(now));
  });
  for (const [index, events] of commands.entries()) {
    await project(events);
    expect(await openRows(), JSON.stringify(events[0]?.type)).toEqual(expected[index]);
  }
  const { cash, tokens, earned } = balancesIn(played);
  for (const { partyId, available, reserved } of await manager.find(cashTable.entity)) {
    expect({ available, reserved }).toEqual(cash.get(partyId));
  }
  for (const { seriesId, partyId, available, reserved } of await manager.find(tokenTable.entity)) {
    expect({ available, reserved }).toEqual(tokens.get(`${seriesId}/${partyId}`));
  }
  expect(await manager.find(feeTable.entity)).toMatchObject([{ earned }]);
});
