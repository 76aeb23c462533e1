import { randomUUID } from 'node:crypto';
import { eventCodec, marketEscrowPartyId, streamIds } from '@specie/contracts';
import type { RecordedEvent } from '@specie/event-sourcing';
import { derivedId, type Role } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { clientOf, eventually, type Client } from '@specie/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuanceService } from '../src/app.module.js';
import { foldOf } from './fold.js';
import { openSeries, openWorld, type World } from './world.js';

interface Request {
  readonly withdrawalId: string;
  readonly partyId: string;
  readonly quantity: bigint;
}

const shard = streamIds.shard('main');
const escrowed = 1_000;
let world: World;
let nordic: Client;
let auditor: Client;
let seriesId: string;

const as = (role: Role) => clientOf(world.service, { partyId: randomUUID(), roles: [role] });
const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);
const request = (partyId: string, whole = 1): Request => ({
  withdrawalId: randomUUID(),
  partyId,
  quantity: tokens(whole),
});
/** All of them stand in one append of the market, so issuance meets them at once. */
const publish = (requests: readonly Request[]) =>
  world.publishAsStored(
    'market',
    shard,
    ...requests.map((data) =>
      eventCodec.encode({ type: 'market.withdrawal-requested', data: { ...data, seriesId } }),
    ),
  );
const available = async (partyId: string) => {
  const accountId = derivedId('account', seriesId, partyId);
  return (await auditor.get(`/accounts/${accountId}`)).body['available'];
};
const head = async () => (await world.service.store.head()).position;
const recordedAfter = (position: number) => world.service.store.readAll(position, 10_000);
const answersAmong = (events: readonly RecordedEvent[]) =>
  events.filter(({ type }) => /withdrawal-(settled|refused)$/.test(type));
const idOf = ({ data }: RecordedEvent) => (data as { readonly withdrawalId: string }).withdrawalId;
/** The answers to all of these, and everything that was recorded with them. */
const answered = async (requests: readonly Request[], after: number) => {
  await eventually(`${requests.length} answers`, async () => {
    const found = new Set(answersAmong(await recordedAfter(after)).map(idOf));
    return requests.every(({ withdrawalId }) => found.has(withdrawalId));
  });
  const events = await recordedAfter(after);
  return { events, answers: answersAmong(events) };
};
const consumedTo = async (position: number) =>
  eventually(`the market's log is consumed to ${position}`, async () => {
    const [row] = await world.service.dataSource.query<{ readonly position: string | null }[]>(
      `select max(position) as position from public.consumed where source = 'market'`,
    );
    return Number(row?.position ?? 0) >= position;
  });

beforeAll(async () => {
  world = await openWorld();
  auditor = await as('auditor');
  nordic = await as('provider-admin');
  seriesId = await openSeries(world, { provider: nordic, auditor, gpuCount: 10 });
  expect((await nordic.post(`/series/${seriesId}/mints`, { quantity: '5000' })).status).toBe(201);
  const treasury = derivedId('account', seriesId, nordic.partyId);
  const deposit = { quantity: String(escrowed) };
  expect((await nordic.post(`/accounts/${treasury}/escrow-deposits`, deposit)).status).toBe(201);
});
afterAll(() => world.close());

describe('Open withdrawals', () => {
  const owner = randomUUID();
  // Half of them of one party, half of parties of their own, and one that the escrow cannot pay.
  const tooLarge = request(randomUUID(), escrowed + 1);
  const requests = [
    ...Array.from({ length: 100 }, () => request(owner)),
    tooLarge,
    ...Array.from({ length: 100 }, () => request(randomUUID())),
  ];

  it('are settled in far fewer appends than they are, each once and with its own cause', async () => {
    const before = await head();
    const asked = await publish(requests);
    const { events, answers } = await answered(requests, before);
    const appends = new Set(events.map(({ commandId }) => commandId));
    expect(appends.size).toBeLessThan(requests.length / 5);
    const [{ commits } = { commits: '' }] = await world.service.dataSource.query<
      { readonly commits: string }[]
    >(
      'select count(*) as commits from public.events where position > $1 and head_signature is not null',
      [before],
    );
    expect(Number(commits)).toBeLessThan(requests.length / 5);

    expect(answers).toHaveLength(requests.length);
    const causes = new Map(answers.map((event) => [idOf(event), event]));
    for (const cause of asked) {
      const answer = causes.get(idOf(cause));
      const isRefused = idOf(cause) === tooLarge.withdrawalId;
      expect(answer).toMatchObject({
        type: `issuance.withdrawal-${isRefused ? 'refused' : 'settled'}`,
        metadata: {
          causationId: cause.eventId,
          correlationId: cause.metadata.correlationId,
        },
        ...(isRefused ? { data: { reason: 'insufficient_tokens' } } : {}),
      });
    }
    expect(await available(owner)).toBe('100.000000');
    expect(await available(marketEscrowPartyId)).toBe('800.000000');
    expect(await inboxCount(asked)).toBe(asked.length);
  });

  it('have no second effect when they are delivered again', async () => {
    const before = await head();
    const { dataSource } = world.service;
    const [{ position } = { position: '0' }] = await dataSource.query<
      { readonly position: string }[]
    >(`select max(position) as position from public.consumed where source = 'market'`);
    await world.service.close();
    const database = await new DataSource({
      type: 'postgres',
      url: world.databaseUrl,
    }).initialize();
    await database.query(`delete from public.consumed where source = 'market'`);
    await database.destroy();
    await (await world.start(issuanceService)).writing();
    auditor = await as('auditor');
    await consumedTo(Number(position));
    expect(answersAmong(await recordedAfter(before))).toEqual([]);
    expect(await available(marketEscrowPartyId)).toBe('800.000000');

    // Part of a group that was answered before does not keep the rest from its answer.
    const fresh = Array.from({ length: 20 }, () => request(owner));
    await publish([...requests.slice(0, 20), ...fresh]);
    const { answers } = await answered(fresh, before);
    expect(answers).toHaveLength(fresh.length);
    expect(await available(owner)).toBe('120.000000');
  });

  it('are settled around one that the tables refuse, which is answered with the refusal', async () => {
    const before = await head();
    const refused = request(randomUUID());
    const others = Array.from({ length: 30 }, () => request(randomUUID()));
    await world.service.dataSource.query(
      `alter table token_accounts add constraint unwelcome check (party_id <> '${refused.partyId}')`,
    );
    const all = [...others.slice(0, 15), refused, ...others.slice(15)];
    await publish(all);
    const { answers } = await answered(all, before);
    const outcomes = answers.map((event) => [idOf(event), event.type] as const);
    expect(new Map(outcomes)).toEqual(
      new Map(
        all.map(({ withdrawalId }) => [
          withdrawalId,
          `issuance.withdrawal-${withdrawalId === refused.withdrawalId ? 'refused' : 'settled'}`,
        ]),
      ),
    );
    expect(outcomes).toHaveLength(all.length);
    expect(await available(marketEscrowPartyId)).toBe('750.000000');
  });

  it('leave books that add up', async () => {
    const folded = foldOf(await world.service.store.readAll(0, 10_000));
    const total = [...folded.accounts.values()].reduce((sum, row) => sum + row.available, 0n);
    expect(total).toBe(tokens(5_000));
  });
});

async function inboxCount(asked: readonly RecordedEvent[]): Promise<number> {
  const [row] = await world.service.dataSource.query<{ readonly count: string }[]>(
    'select count(*) as count from public.inbox where event_id = any($1)',
    [asked.map(({ eventId }) => eventId)],
  );
  return Number(row?.count ?? 0);
}
