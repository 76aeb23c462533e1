import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceApp } from '@specie/nest-platform';
import type { Actor } from '@specie/service-testing';
import { clientOf, digestOfTable, type TableDigest } from '@specie/testing';
import { confirmed, newcomer, openWorld, provider, type World } from './meter.js';

const folder = resolve(import.meta.dirname, '../../../../shared/data/metering');
const trace = resolve(folder, 'philly_jobs.csv.gz');
const batchSize = 1_000;
/**
 * What the tables held when they were recorded, without what differs from run to run: instants of this machine, parties,
 * and in which order batches of the two agents arrived.
 */
const recordedTables = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'fixtures/philly-tables.json'), 'utf8'),
) as Readonly<Record<string, TableDigest>>;

interface Job {
  readonly tenant: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** In the order of the source, so that event times come out of order. */
function jobs(): Job[] {
  const [, ...rows] = gunzipSync(readFileSync(trace)).toString('utf8').trim().split('\n');
  return rows
    .map((row) => row.split(','))
    .sort((a, b) => Number(a[1]) - Number(b[1]))
    .map(([recordId, , tenant, submitted, gpus, seconds]) => ({
      tenant: tenant ?? '',
      record: {
        source: 'urn:trace:philly',
        recordId,
        gpuCount: Number(gpus),
        // The wall time as if it were UTC: totals do not depend on it.
        startedAt: `${(submitted ?? '').replace(' ', 'T')}Z`,
        seconds: Number(seconds),
      },
    }));
}

describe.skipIf(!existsSync(trace))(
  'The Philly trace (skipped without ../shared/data/metering/philly_jobs.csv.gz)',
  () => {
    let world: World;
    let service: ServiceApp;
    beforeAll(async () => {
      world = await openWorld();
      service = world.service;
    });
    afterAll(() => world.close());

    it(
      'is metered to the GPU-second, per tenant, with every tenth batch sent twice',
      { timeout: 300_000 },
      async () => {
        const byTenant = new Map<string, Job[]>();
        for (const job of jobs()) {
          byTenant.set(job.tenant, [...(byTenant.get(job.tenant) ?? []), job]);
        }
        const asProvider = await clientOf(service, provider);
        const owners = new Map<string, { readonly actor: Actor; readonly reservationId: string }>();
        for (const tenant of byTenant.keys()) {
          const actor = await newcomer(world);
          // The same in every run, and so is the evidence hash of every record.
          const reservationId = `0ffe0000-0000-4000-8000-${String(owners.size).padStart(12, '0')}`;
          await confirmed(world, actor, 300_000n, { reservationId });
          owners.set(tenant, { actor, reservationId });
        }
        const batches = [...byTenant].flatMap(([tenant, tenantJobs]) => {
          const parts: { tenant: string; records: unknown[] }[] = [];
          for (let start = 0; start < tenantJobs.length; start += batchSize) {
            parts.push({
              tenant,
              records: tenantJobs.slice(start, start + batchSize).map(({ record }) => record),
            });
          }
          return parts;
        });
        const startedMs = performance.now();
        const send = async ({ tenant, records }: (typeof batches)[number]): Promise<number> => {
          const path = `/reservations/${owners.get(tenant)?.reservationId ?? ''}/usage`;
          const { status, body } = await asProvider.post(path, { records, backfill: true });
          expect(status, JSON.stringify(body)).toBe(200);
          return Number(body['counted']);
        };
        let counted = 0;
        // Two agents at once, as a provider's nodes would be.
        await Promise.all(
          [0, 1].map(async (lane) => {
            for (let index = lane; index < batches.length; index += 2) {
              const batch = batches[index];
              const added = batch ? await send(batch) : 0;
              counted += added;
            }
          }),
        );
        const seconds = (performance.now() - startedMs) / 1_000;
        expect(counted).toBe(82_247);
        process.stdout.write(
          `usage: ${counted} records in ${seconds.toFixed(1)} s, ${Math.round(counted / seconds)} records/s\n`,
        );
        for (const batch of batches.filter((_batch, index) => index % 10 === 0)) {
          expect(await send(batch)).toBe(0);
        }
        const expected = JSON.parse(
          readFileSync(resolve(folder, 'philly_totals.json'), 'utf8'),
        ) as {
          readonly philly: { readonly gpu_seconds_by_vc: Readonly<Record<string, number>> };
        };
        let total = 0n;
        for (const [tenant, { actor, reservationId }] of owners) {
          const { body } = await (
            await clientOf(service, actor)
          ).get(`/reservations/${reservationId}`);
          expect(body['gpuSeconds'], tenant).toBe(
            String(expected.philly.gpu_seconds_by_vc[tenant]),
          );
          total += BigInt(String(body['gpuSeconds']));
        }
        expect(total).toBe(3_521_082_502n);
        for (const [table, recorded] of Object.entries(recordedTables)) {
          expect(await digestOfTable(world.databaseUrl, table, recorded.columns)).toEqual(recorded);
        }
      },
    );
  },
);
