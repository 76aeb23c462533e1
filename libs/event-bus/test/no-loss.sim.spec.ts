import type { ChildProcess } from 'node:child_process';
import { randomUUID, type KeyObject } from 'node:crypto';
import { openEventStore, type PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { endChild, settingsOf, startChild, type ChildSettings } from './child.js';
import {
  eventually,
  kafkaSkipReason,
  streamsOf,
  trancheOpened,
  World,
  type TransportName,
} from './world.js';

const eventCount = Number(process.env['NO_LOSS_EVENTS'] ?? 6_000);
const killCount = Number(process.env['NO_LOSS_KILLS'] ?? 6);
const seed = Number(process.env['SEED'] ?? Math.trunc(performance.timeOrigin) % 1_000_000);
const appenderCount = 32;
const streams = streamsOf(64);

/** Mulberry32: small, seeded, good enough to pick victims. */
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A process that is started again whenever it ends, until it is released. */
class Restarting {
  private child: ChildProcess | null = null;
  private isReleased = false;
  private readonly settings: ChildSettings;

  constructor(settings: ChildSettings) {
    this.settings = settings;
    this.start();
  }

  kill(): void {
    this.child?.kill('SIGKILL');
  }

  async release(): Promise<void> {
    this.isReleased = true;
    if (this.child) {
      await endChild(this.child);
    }
  }

  private start(): void {
    this.child = startChild(this.settings);
    this.child.once('exit', () => {
      if (!this.isReleased) {
        this.start();
      }
    });
  }
}

describe.each<TransportName>(['postgres', 'kafka'])('Nothing is lost over %s', (transport) => {
  const isSkipped = transport === 'kafka' && kafkaSkipReason !== null;
  const processes: Restarting[] = [];
  let world: World | null = null;

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((child) => child.release()));
    await world?.close();
  });

  /** A second instance of the publisher: the head row serialises the two. */
  async function secondStore(url: string, signingKey: KeyObject): Promise<PostgresEventStore> {
    const dataSource = new DataSource({ type: 'postgres', url, poolSize: 8 });
    return openEventStore({ dataSource, logName: 'deals', signingKey });
  }

  async function append(store: PostgresEventStore, streamId: string): Promise<void> {
    for (;;) {
      const outcome = await store.append({
        commandId: randomUUID(),
        streams: [{ streamId, expectedVersion: 'any', events: [trancheOpened()] }],
        metadata: { correlationId: 't', causationId: 't', actor: 's', idempotencyKey: null },
        occurredAt: '2026-03-02T09:30:00.000Z',
      });
      if (outcome.outcome === 'appended') {
        return;
      }
      if (outcome.outcome !== 'wrong_expected_version') {
        throw new Error(`an append was answered ${outcome.outcome}`);
      }
    }
  }

  it.skipIf(isSkipped)(
    `while ${appenderCount} appenders in 2 instances write ${eventCount} events and processes are killed (SEED=${seed})${isSkipped ? ` (skipped: ${kafkaSkipReason})` : ''}`,
    async () => {
      const random = randomOf(seed);
      world = await World.create(transport);
      await world.stopRelays();
      const { publisher } = world;
      const roles =
        transport === 'kafka' ? (['consumer', 'relay'] as const) : (['consumer'] as const);
      for (const role of [...roles, ...roles]) {
        processes.push(new Restarting(settingsOf(world, role)));
      }
      const second = await secondStore(publisher.database.url, world.signingKey);
      const stores = [publisher.store, second];
      let isWriting = true;
      const writing = Promise.all(
        Array.from({ length: appenderCount }, async (_, appender) => {
          const store = stores[appender % 2] ?? second;
          for (let index = appender; index < eventCount; index += appenderCount) {
            await append(store, streams[Math.trunc(random() * streams.length)] ?? 'deal-0');
          }
        }),
      ).finally(() => {
        isWriting = false;
      });
      let kills = 0;
      while (kills < killCount || isWriting) {
        await new Promise((resolve) => setTimeout(resolve, 300 + random() * 900));
        if (kills < killCount) {
          processes[Math.trunc(random() * processes.length)]?.kill();
          kills += 1;
        }
      }
      await writing;
      const effectCount = () => world?.effectCount('issuance');
      await eventually(
        'every event took effect',
        async () => (await effectCount()) === eventCount,
        600_000,
      );
      const effects = await world.effectsOf('issuance');
      expect(effects.map((effect) => effect.position).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: eventCount }, (_, index) => index + 1),
      );
      const last = new Map<string, number>();
      for (const { stream_id: streamId, stream_version: version } of effects) {
        expect(version, streamId).toBe((last.get(streamId) ?? 0) + 1);
        last.set(streamId, version);
      }
      await second.close();
    },
    900_000,
  );
});
