import { createServiceApp, type ServiceApp } from '@specie/nest-platform';
import type { Actor } from '@specie/service-testing';
import { migrateEventStore } from '@specie/postgres-event-store';
import { clientOf, createTestDatabase, type TestDatabase } from '@specie/testing';
import { DataSource } from 'typeorm';
import { expect } from 'vitest';
import { complianceService } from '../src/app.module.js';

/** Approves; the second officer screens. */
export const officer = {
  partyId: '0ff1ce00-0000-4000-8000-000000000001',
  roles: ['compliance-officer'] as const,
};
export const second = {
  partyId: '0ff1ce00-0000-4000-8000-000000000002',
  roles: ['compliance-officer'] as const,
};
export const ada = {
  partyId: 'ada00000-0000-4000-8000-000000000001',
  roles: ['investor'] as const,
};
export const bob = { partyId: 'b0b00000-0000-4000-8000-000000000002', roles: ['founder'] as const };
export const documentHash = 'c'.repeat(64);
export const person = {
  kind: 'person',
  country: 'US',
  name: 'Ada Lovetron',
  aliases: ['A. Lovetron'],
};
export type Particulars = typeof person;

/** A database with the log of the audit, which every service listens to, and one for compliance itself. */
export interface ComplianceDatabases {
  readonly url: string;
  start(env?: Readonly<Record<string, string>>): Promise<ServiceApp>;
  drop(): Promise<void>;
}

let auditDatabase: Promise<TestDatabase> | null = null;

export async function createDatabases(): Promise<ComplianceDatabases> {
  auditDatabase ??= createAuditDatabase();
  const { url: audit } = await auditDatabase;
  const database = await createTestDatabase();
  const { url } = database;
  return {
    url,
    start: (env = {}) =>
      createServiceApp(complianceService, {
        databaseUrl: url,
        env: {
          RATE_LIMIT_PER_SECOND: '100000',
          PEER_DATABASE_URLS: JSON.stringify({ audit }),
          ...env,
        },
      }),
    drop: () => database.drop(),
  };
}

/** To be called once, when the last test of a file has run. */
export async function dropAuditDatabase(): Promise<void> {
  const database = await auditDatabase;
  auditDatabase = null;
  await database?.drop();
}

async function createAuditDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrateEventStore(new DataSource({ type: 'postgres', url: database.url }));
  return database;
}

/** Registers a party and files its evidence, by itself. */
export async function file(service: ServiceApp, actor: Actor, data: Particulars): Promise<void> {
  const own = await clientOf(service, actor);
  expect((await own.post('/parties', data)).status).toBe(201);
  const identity = data.kind === 'person' ? 'identity' : 'incorporation';
  for (const [kind, expiresAt] of [
    [identity, '2099-01-01T00:00:00Z'],
    ['accreditation', '2098-01-01T00:00:00Z'],
  ]) {
    const filed = await own.post(`/parties/${actor.partyId}/evidence`, {
      kind,
      documentHash,
      expiresAt,
    });
    expect(filed.status).toBe(201);
  }
}

/** Registration, evidence and screening; returns the screening. */
export async function prepare(
  service: ServiceApp,
  actor: Actor,
  data: Particulars,
): Promise<string> {
  await file(service, actor, data);
  const asSecond = await clientOf(service, second);
  const { body } = await asSecond.post(`/parties/${actor.partyId}/screenings`);
  return String(body['id']);
}

export async function onboard(service: ServiceApp, actor: Actor, data: Particulars): Promise<void> {
  await prepare(service, actor, data);
  const asOfficer = await clientOf(service, officer);
  const { body } = await asOfficer.get(`/parties/${actor.partyId}/case`);
  expect(body['violations']).toEqual([]);
  const approval = { evidenceHash: body['evidenceHash'] };
  expect((await asOfficer.post(`/parties/${actor.partyId}/approval`, approval)).status).toBe(201);
}
