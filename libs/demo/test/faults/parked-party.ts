import { type Platform, type ServiceName, serviceNames } from '@specie/local-platform';
import { openEventStore } from '@specie/postgres-event-store';
import { createHash, createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { type Actor, type ApiClient, ApiProblem, type Json } from '../../src/api-client.js';
import type { Cast } from '../../src/story/cast.js';
import { accountOf } from '../../src/story/trading.js';
import { discardAll } from './intruder.js';

const deadlineMs = 60_000;

/**
 * A newer compliance service says something of an approved party that the others do not know: until two
 * operators have resolved it, the party passes nowhere.
 *
 * @returns what broke: a service that let the party pass, or that did not let it pass again.
 */
export async function parkParty(run: {
  readonly platform: Platform;
  readonly api: ApiClient;
  readonly cast: Cast;
  readonly seriesId: string;
  readonly say: (line: string) => void;
}): Promise<readonly string[]> {
  const { platform, api, cast, seriesId, say } = run;
  const { startup } = cast;
  const streamId = `party-${startup.partyId}`;
  await sayFromTheFuture(platform, streamId);
  const attempts = attemptsOf({
    startup,
    seriesId,
    recipient: cast.provider,
    account: await accountOf({ api, seriesId }, startup),
  });
  for (const [service] of attempts) await untilParked(api, cast, { service, streamId });
  const findings: string[] = [];
  for (const [service, path, body] of attempts) {
    const refusal = await refusalOf(api.post(startup, service, path, body));
    if (refusal !== 'party_ineligible')
      findings.push(`${service}${path} answered ${refusal} for a party whose stream is parked`);
  }
  for (const service of serviceNames) await discardAll(platform, api, service);
  for (const [service, path, body] of attempts) {
    const refusal = await refusalOf(api.post(startup, service, path, body));
    if (refusal === 'party_ineligible')
      findings.push(`${service}${path} still refuses the party after the discard`);
  }
  say(`${startup.name} passed nowhere while its stream was parked`);
  return findings;
}

/** One at every service that decides by its copy of what compliance says. */
type Attempt = readonly [service: ServiceName, path: string, body: Json];

function attemptsOf(as: {
  readonly startup: Actor;
  readonly recipient: Actor;
  readonly seriesId: string;
  readonly account: string;
}): readonly Attempt[] {
  const { startup, recipient, seriesId, account } = as;
  const order = { side: 'sell', kind: 'limit', timeInForce: 'GTC', priceTicks: 90_000 };
  return [
    [
      'issuance',
      `/accounts/${account}/transfers`,
      { toPartyId: recipient.partyId, quantity: '1.000000' },
    ],
    ['market', '/orders', { ...order, seriesId, quantityLots: 100 }],
    [
      'metering',
      '/reservations',
      {
        reservationId: randomUUID(),
        seriesId,
        sku: 'H100-SXM',
        quantity: '1.000000',
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      },
    ],
    ['deals', '/companies', { companyId: randomUUID(), directorPartyIds: [startup.partyId] }],
  ];
}

/** The code of a refusal; `accepted` when there was none. */
async function refusalOf(request: Promise<Json>): Promise<string> {
  try {
    await request;
    return 'accepted';
  } catch (error) {
    if (error instanceof ApiProblem) return error.code;
    throw error;
  }
}

async function untilParked(
  api: ApiClient,
  { marketOperator }: Cast,
  { service, streamId }: { readonly service: ServiceName; readonly streamId: string },
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const { items } = await api.get(marketOperator, service, '/operations/parked-streams');
    if ((items as readonly Json[]).some((stream) => stream['streamId'] === streamId)) return;
    if (Date.now() > deadline) throw new Error(`${service} did not park ${streamId}`);
    await delay(50);
  }
}

async function sayFromTheFuture(platform: Platform, streamId: string): Promise<void> {
  const store = await openEventStore({
    dataSource: new DataSource({ type: 'postgres', url: platform.databaseUrl('compliance') }),
    logName: 'compliance',
    signingKey: developmentKeyOf('compliance'),
    migrate: false,
  });
  await store.append({
    commandId: randomUUID(),
    streams: [
      {
        streamId,
        expectedVersion: 'exists',
        events: [{ type: 'compliance.party-relocated', schemaVersion: 1, data: { country: 'NO' } }],
      },
    ],
    metadata: {
      actor: 'service:compliance',
      correlationId: randomUUID(),
      causationId: randomUUID(),
      idempotencyKey: null,
    },
    occurredAt: new Date().toISOString(),
  });
  await store.close();
}

/** The key with which a service signs in development, when it is given no other. */
function developmentKeyOf(service: ServiceName): KeyObject {
  const seed = createHash('sha256').update(`specie development log of ${service}`).digest();
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}
