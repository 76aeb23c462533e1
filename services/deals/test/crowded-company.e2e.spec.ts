import { randomUUID } from 'node:crypto';
import { eventCodec, streamIds } from '@specie/contracts';
import { shares } from '@specie/quantities';
import { clientOf, type Client } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompanyEvent } from '../src/company/company.state.js';
import { openWorld, type World } from './world.js';

const classCount = 1_001;
const companyId = randomUUID();
const firstClass = randomUUID();
let world: World;
let founder: Client;

beforeAll(async () => {
  world = await openWorld();
  founder = await clientOf(world.service, { partyId: randomUUID(), roles: ['founder'] });
  const classIds = [firstClass, ...Array.from({ length: classCount - 1 }, () => randomUUID())];
  const issued = (classId: string, holderPartyId: string): CompanyEvent => ({
    type: 'deals.shares-issued',
    data: {
      ...{ companyId, classId, holderPartyId, shares: shares(1n), issuanceId: randomUUID() },
      ...{ cause: 'founding', dealId: null, trancheId: null, paidByTokens: null },
    },
  });
  const events: CompanyEvent[] = [
    {
      type: 'deals.company-registered',
      data: { companyId, partyId: founder.partyId, directorPartyIds: [randomUUID()] },
    },
    ...classIds.map((classId): CompanyEvent => ({
      type: 'deals.share-class-authorised',
      data: { companyId, classId, kind: 'common', authorised: shares(1_000n) },
    })),
    ...classIds.map((classId) => issued(classId, founder.partyId)),
    ...Array.from({ length: 120 }, () => issued(firstClass, randomUUID())),
  ];
  const outcome = await world.service.store.append({
    commandId: randomUUID(),
    streams: [
      {
        streamId: streamIds.company(companyId),
        expectedVersion: 'no_stream',
        events: events.map((event) => eventCodec.encode(event)),
      },
    ],
    metadata: {
      correlationId: randomUUID(),
      causationId: randomUUID(),
      actor: founder.partyId,
      idempotencyKey: null,
    },
    occurredAt: world.clock.now(),
  });
  expect(outcome.outcome).toBe('appended');
});
afterAll(() => world.close());

describe('A company of 1,001 share classes and 121 holders', () => {
  it('has a cap table, all classes on every page and the holders page by page', async () => {
    const holders: { readonly holdings: readonly unknown[] }[] = [];
    const pages: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = cursor === '' ? '?limit=100' : `?limit=100&cursor=${cursor}`;
      const { status, body } = await founder.get(`/companies/${companyId}/cap-table${query}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ fullyDiluted: String(classCount + 120) });
      expect(body['classes']).toHaveLength(classCount);
      const page = body['holders'] as typeof holders;
      pages.push(page.length);
      holders.push(...page);
      cursor = body['nextCursor'] as string | null;
    }
    expect(pages).toEqual([100, 21]);
    const own = { partyId: founder.partyId, shares: String(classCount) };
    expect(holders.filter((each) => each.holdings.length > 1)).toMatchObject([own]);
    expect(holders.map((each) => each.holdings.length).sort((a, b) => b - a)[0]).toBe(classCount);
  });

  it('is shown whole, and quotes equity', async () => {
    const { status, body } = await founder.get(`/companies/${companyId}`);
    expect([status, (body['classes'] as unknown[]).length]).toEqual([200, classCount]);
    const quote = await founder.get(`/companies/${companyId}/equity-quote?equityPpm=100000`);
    expect(quote.status).toBe(200);
  });
});
