import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { clientOf, eventually, type Client } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './world.js';

let world: World;
let nordic: Client;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const publish = (type: string, data: object) =>
  world.publish('compliance', streamIds.party(nordic.partyId), `compliance.${type}`, {
    partyId: nordic.partyId,
    ...data,
  });
const allowed = (actions: readonly string[], validUntil: string) =>
  publish('eligibility-published', { actions, accredited: false, validUntil });
const ended = '2026-03-01T11:59:59.999Z';
const later = '2099-01-01T00:00:00.000Z';

describe('A party that may not', () => {
  it.each([
    ['is unknown here', () => Promise.resolve(), /^No approval of your party has arrived here/],
    [
      'was frozen',
      async () => {
        // Ended already, so that it is never eligible on the way to being frozen.
        await allowed(['issue'], ended);
        await publish('party-frozen', { frozenBy: randomUUID(), reason: 'court_order' });
      },
      /^Compliance is reviewing your party/,
    ],
    ['was approved for too short', () => allowed(['issue'], ended), /ended/],
    [
      'was approved for something else',
      () => allowed(['redeem'], later),
      /does not include "issue"/,
    ],
  ])('%s is told so, and again when it repeats the request', async (_name, make, reason) => {
    nordic = await clientOf(world.service, { partyId: randomUUID(), roles: ['provider-admin'] });
    await make();
    const register = (key: string) => nordic.post('/providers', { uptimeHaircutBps: 0 }, key);
    const { key, first } = await eventually('the reason', async () => {
      const key = randomUUID();
      const first = await register(key);
      return reason.test(String(first.body['detail'])) && { key, first };
    });
    expect(first).toMatchObject({ status: 403, body: { code: 'party_ineligible' } });
    expect((await register(key)).body['detail']).toBe(first.body['detail']);
  });
});
