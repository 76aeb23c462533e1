import { randomUUID } from 'node:crypto';
import { readAttested } from '@specie/attestation';
import { eventCodec, streamIds } from '@specie/contracts';
import { mergeSubjects, type ServiceApp } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import { clientOf, eventually } from '@specie/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { derivedId } from '@specie/contracts/ids';
import { ShardEngine } from '../src/shard/shard-engine.js';
import { shardStreamId, type ShardEvent } from '../src/shard/shard-events.js';
import type { Balance } from '../src/shard/venue.js';
import { marketService } from '../src/app.module.js';
import {
  escrow,
  openMarket,
  openVenue,
  operator,
  startMarket,
  type Story,
  type Venue,
} from './open-venue.js';

let venue: Venue;
let service: ServiceApp;
let story: Story;

const balancesOf = async (partyId: string) =>
  (await (await clientOf(service, operator)).get(`/parties/${partyId}/balances`)).body;

describe('The market', () => {
  beforeAll(async () => {
    venue = await openVenue();
    service = await startMarket(venue);
  });
  beforeEach(async () => {
    story = await openMarket(venue, service);
  });
  afterAll(() => venue.close());

  it('settles a trade of both sides in one append, and answers only then', async () => {
    const { ada, bob, seriesId, limit } = story;
    const [asAda, asBob, asOperator] = await Promise.all([
      clientOf(service, ada),
      clientOf(service, bob),
      clientOf(service, operator),
    ]);
    const placed = await asBob.post('/orders', limit('sell', 19_000, 500));
    expect(placed.body).toMatchObject({ status: 'open', filledLots: 0, leavesLots: 500 });
    const taken = await asAda.post('/orders', limit('buy', 20_000, 200));
    expect(taken).toMatchObject({
      status: 201,
      body: { status: 'filled', filledLots: 200, leavesLots: 0 },
    });
    // 200 lots x 19,000 ticks = 3.8 dollars; taker 2,500 ppm, maker 1,000 ppm.
    expect(await balancesOf(ada.partyId)).toEqual({
      partyId: ada.partyId,
      cash: [{ currency: 'USD', available: '996.190500', reserved: '0.000000' }],
      tokens: [{ seriesId, available: '2.000000', reserved: '0.000000' }],
    });
    expect(await balancesOf(bob.partyId)).toEqual({
      partyId: bob.partyId,
      cash: [{ currency: 'USD', available: '3.796200', reserved: '0.000000' }],
      tokens: [{ seriesId, available: '95.000000', reserved: '3.000000' }],
    });
    expect((await asOperator.get('/fees')).body).toEqual({
      fees: [{ currency: 'USD', earned: '0.013300' }],
    });
    const commands = new Map<string, string[]>();
    for (const { commandId, type } of await service.store.readStream(shardStreamId)) {
      commands.set(commandId, [...(commands.get(commandId) ?? []), type]);
    }
    expect([...commands.values()].at(-1)).toEqual([
      'market.order-accepted',
      'market.trade-executed',
    ]);
    expect((await asAda.get(`/books/${seriesId}`)).body).toMatchObject({
      bestBidTicks: null,
      bestAskTicks: 19_000,
      lastPriceTicks: 19_000,
      openOrders: 1,
    });
    expect((await asAda.get(`/books/${seriesId}/depth`)).body).toEqual({
      seriesId,
      bids: [],
      asks: [{ priceTicks: 19_000, lots: 300, orders: 1 }],
    });
    const tape = (await asAda.get(`/books/${seriesId}/trades`)).body;
    expect(tape).toMatchObject({
      items: [{ tradeNumber: 1, takerSide: 'buy', priceTicks: 19_000, quantityLots: 200 }],
      nextCursor: null,
    });
    expect(JSON.stringify(tape)).not.toContain(bob.partyId);
    expect((await asBob.get('/trades')).body).toMatchObject({
      items: [{ sellerPartyId: bob.partyId, sellerFee: '0.003800' }],
    });
  });

  it('records a refusal and leaves the account as it was', async () => {
    const { ada, limit } = story;
    const asAda = await clientOf(service, ada);
    const order = { ...limit('buy', 100_000, 20_000), orderId: randomUUID() };
    const refused = await asAda.post('/orders', order);
    expect(refused).toMatchObject({ status: 409, body: { code: 'insufficient_cash' } });
    expect(refused.body['details']).toMatchObject({ ordRejReason: 3, available: '1000.000000' });
    expect(refused.body['detail']).toMatch(/^\d+\.\d{6} is needed, \d+\.\d{6} is available\. /);
    const last = (await service.store.readStream(shardStreamId)).at(-1);
    expect(last).toMatchObject({
      type: 'market.order-refused',
      data: { orderId: order.orderId, reason: 'insufficient_cash' },
    });
    expect(await asAda.post('/orders', { ...order, quantityLots: 1 })).toMatchObject({
      status: 409,
      body: { code: 'order_exists_differently' },
    });
    expect((await balancesOf(ada.partyId))['cash']).toEqual([
      { currency: 'USD', available: '1000.000000', reserved: '0.000000' },
    ]);
  });

  it('gives one effect to a repeated key, for orders and for refusals (S9)', async () => {
    const { ada, limit } = story;
    const asAda = await clientOf(service, ada);
    const first = await asAda.post('/orders', limit('buy', 10_000, 10), 'once');
    const again = await asAda.post('/orders', limit('buy', 10_000, 10), 'once');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-hit')).toBe('true');
    expect((await asAda.get('/orders?status=open')).body['items']).toHaveLength(1);
    const refused = await asAda.post('/orders', limit('sell', 10_000, 10), 'refused');
    expect(await asAda.post('/orders', limit('sell', 10_000, 10), 'refused')).toMatchObject({
      status: refused.status,
      body: { code: 'insufficient_tokens' },
    });
    expect(await asAda.post('/orders', limit('sell', 10_000, 11), 'refused')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('cancels for the owner and the operator and for nobody else', async () => {
    const { ada, bob, limit } = story;
    const [asAda, asBob, asOperator] = await Promise.all([
      clientOf(service, ada),
      clientOf(service, bob),
      clientOf(service, operator),
    ]);
    const { body } = await asAda.post('/orders', limit('buy', 10_000, 10));
    const path = `/orders/${String(body['id'])}`;
    expect(await asBob.remove(path)).toMatchObject({
      status: 404,
      body: { code: 'order_unknown' },
    });
    expect((await asBob.get(path)).status).toBe(404);
    expect((await asAda.remove(path)).status).toBe(200);
    expect(await asAda.remove(path)).toMatchObject({
      status: 409,
      body: { code: 'order_not_open' },
    });
    expect(await asOperator.remove(`/orders/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { code: 'order_unknown' },
    });
    await asAda.post('/orders', limit('buy', 10_000, 10));
    await asAda.post('/orders', limit('buy', 10_001, 10));
    expect(
      (await asOperator.post(`/parties/${ada.partyId}/order-cancellations`)).body,
    ).toMatchObject({ cancelled: 2 });
    expect((await balancesOf(ada.partyId))['cash']).toMatchObject([{ reserved: '0.000000' }]);
  });

  it('never trades with a party that was frozen meanwhile: its order is cancelled (S7)', async () => {
    const { ada, bob, limit } = story;
    const [asAda, asBob] = await Promise.all([clientOf(service, ada), clientOf(service, bob)]);
    const resting = await asBob.post('/orders', limit('sell', 19_000, 500));
    await venue.publish('compliance', streamIds.party(bob.partyId), 'compliance.party-frozen', {
      partyId: bob.partyId,
      frozenBy: operator.partyId,
      reason: 'under_review',
    });
    await eventually(
      'the freeze',
      async () =>
        (await asBob.post('/orders', limit('sell', 30_000, 1))).body['code'] === 'party_ineligible',
    );
    expect((await asAda.post('/orders', limit('buy', 20_000, 200))).body).toMatchObject({
      status: 'open',
      filledLots: 0,
    });
    expect(
      (await (await clientOf(service, operator)).get(`/orders/${String(resting.body['id'])}`)).body,
    ).toMatchObject({
      status: 'cancelled',
      cancelReason: 'ineligible',
    });
  });

  it('takes escrowed tokens once and sends withdrawals to the issuer and back', async () => {
    const { bob, seriesId } = story;
    const asBob = await clientOf(service, bob);
    const movementId = await escrow(venue, { partyId: bob.partyId, seriesId }, 5_000_000n);
    await escrow(venue, { partyId: bob.partyId, seriesId }, 5_000_000n, movementId);
    await eventually('the second deposit', async () =>
      JSON.stringify(await balancesOf(bob.partyId)).includes('"105.000000"'),
    );
    const settled = await asBob.post('/token-withdrawals', { seriesId, quantity: '40' });
    const refused = await asBob.post('/token-withdrawals', { seriesId, quantity: '10.5' });
    expect([settled.status, refused.status]).toEqual([202, 202]);
    const answer = (id: unknown) => ({ withdrawalId: id, seriesId, partyId: bob.partyId });
    const stream = streamIds.withdrawal(bob.partyId, String(settled.body['id']));
    await venue.publish('issuance', stream, 'issuance.withdrawal-settled', {
      ...answer(settled.body['id']),
      quantity: 40_000_000n,
    });
    await venue.publish('issuance', stream, 'issuance.withdrawal-settled', {
      ...answer(settled.body['id']),
      quantity: 40_000_000n,
    });
    await venue.publish(
      'issuance',
      streamIds.withdrawal(bob.partyId, String(refused.body['id'])),
      'issuance.withdrawal-refused',
      {
        ...answer(refused.body['id']),
        quantity: 10_500_000n,
        reason: 'party_ineligible',
      },
    );
    await eventually('both answers', async () => {
      const [one, two] = await Promise.all(
        [settled, refused].map(({ body }) => asBob.get(`/token-withdrawals/${String(body['id'])}`)),
      );
      return one?.body['status'] === 'completed' && two?.body['status'] === 'reverted';
    });
    expect(await balancesOf(bob.partyId)).toMatchObject({
      tokens: [{ available: '65.000000', reserved: '0.000000' }],
    });
  });

  it('pays out cash that is not reserved', async () => {
    const { ada, limit } = story;
    const asAda = await clientOf(service, ada);
    await asAda.post('/orders', limit('buy', 10_000, 100));
    expect(
      await asAda.post('/cash-withdrawals', { currency: 'USD', amount: '999.5' }),
    ).toMatchObject({ status: 409, body: { code: 'insufficient_cash' } });
    expect((await asAda.post('/cash-withdrawals', { currency: 'USD', amount: '900' })).status).toBe(
      201,
    );
    expect(await balancesOf(ada.partyId)).toMatchObject({
      cash: [{ available: '98.997500', reserved: '1.002500' }],
    });
  });

  it('hands over: a second instance forwards writes and continues with the same book', async () => {
    const { ada, bob, limit } = story;
    const second = await startMarket(venue, 'market-b');
    const [asAda, asBob] = await Promise.all([clientOf(second, ada), clientOf(second, bob)]);
    expect(await asBob.post('/orders', limit('sell', 19_000, 500))).toMatchObject({ status: 201 });
    await service.close();
    await second.writing();
    expect((await asAda.post('/orders', limit('buy', 19_000, 200))).body).toMatchObject({
      status: 'filled',
      filledLots: 200,
    });
    service = second;
    expect(await balancesOf(bob.partyId)).toMatchObject({
      tokens: [{ available: '95.000000', reserved: '3.000000' }],
    });
  });

  it('answers a burst of orders of many clients, each after its own append', async () => {
    const { ada, bob, limit } = story;
    const [asAda, asBob] = await Promise.all([clientOf(service, ada), clientOf(service, bob)]);
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_unused, n) =>
        (n % 2 === 0 ? asBob : asAda).post(
          '/orders',
          limit(n % 2 === 0 ? 'sell' : 'buy', 10_000, 10),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const balances = [await balancesOf(ada.partyId), await balancesOf(bob.partyId)];
    expect(balances).toMatchObject([
      { tokens: [{ available: '6.000000' }] },
      { tokens: [{ available: '94.000000', reserved: '0.000000' }] },
    ]);
    // S8: what is attested equals a fold of the log.
    const engine = new ShardEngine((n) => derivedId('trade', 'main', String(n)));
    const commands = new Map<string, ShardEvent[]>();
    for (const recorded of await service.store.readStream(shardStreamId)) {
      const events = commands.get(recorded.commandId) ?? [];
      commands.set(recorded.commandId, events);
      events.push(eventCodec.decode(recorded) as ShardEvent);
    }
    commands.forEach((events) => engine.replay({ events }));
    const { attested } = mergeSubjects(marketService.subjects);
    const state = new Map(
      (await readAttested(attested, service.dataSource.manager)).map(({ name, rows }) => [
        name,
        new Map(rows),
      ]),
    );
    const wire = ({ available, reserved }: Balance) => ({
      available: formatMicro(available),
      reserved: formatMicro(reserved),
    });
    const cash = state.get('cash') ?? new Map<string, unknown>();
    const parties = engine.venue.accounts.all();
    for (const partyId of new Set([...cash.keys(), ...parties])) {
      const shown = cash.get(partyId) ?? wire({ available: 0n, reserved: 0n });
      expect(shown).toEqual(wire(engine.venue.cashOf(partyId)));
    }
    const tokens = state.get('tokens') ?? new Map<string, unknown>();
    const accounts = engine.venue.books
      .all()
      .flatMap((seriesId) => parties.map((partyId) => `${seriesId}/${partyId}`));
    for (const key of new Set([...tokens.keys(), ...accounts])) {
      const [seriesId = '', partyId = ''] = key.split('/');
      const shown = tokens.get(key) ?? wire({ available: 0n, reserved: 0n });
      expect(shown).toEqual(wire(engine.venue.tokensOf(seriesId, partyId)));
    }
    expect(state.get('fees')).toEqual(
      new Map([['USD', { earned: formatMicro(engine.venue.feesEarned) }]]),
    );
    expect(state.get('orders')?.size).toBe(engine.venue.core.lastOrderId);
  });

  it('lets an auditor who is a party too cancel its own orders only', async () => {
    const { ada, bob, limit } = story;
    const asBob = await clientOf(service, bob);
    const { body } = await asBob.post('/orders', limit('sell', 19_000, 500));
    const roles = ['founder', 'auditor'] as const;
    const path = `/orders/${String(body['id'])}`;
    const asBoth = await clientOf(service, { partyId: ada.partyId, roles });
    expect(await asBoth.remove(path)).toMatchObject({ body: { code: 'order_unknown' } });
    expect(await asBoth.remove(`${path}?partyId=${bob.partyId}`)).toMatchObject({ status: 403 });
    expect(await asBoth.get(path)).toMatchObject({ body: { status: 'open' } });
  });

  it('opens a book once', async () => {
    const { seriesId, terms } = story;
    const asOperator = await clientOf(service, operator);
    expect((await asOperator.post('/books', terms)).status).toBe(201);
    expect(await asOperator.post('/books', { ...terms, makerFeePpm: 1_100 })).toMatchObject({
      status: 409,
      body: { code: 'book_opened_differently' },
    });
    const { body } = await asOperator.get('/books?limit=200');
    expect(body['items']).toContainEqual(expect.objectContaining({ seriesId, makerFeePpm: 1_000 }));
  });
});
