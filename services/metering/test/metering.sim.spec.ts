import { eventCodec, streamIds } from '@specie/contracts';
import {
  CommandHandler,
  type CommandContext,
  type EventStore,
  type Handled,
} from '@specie/event-sourcing';
import { microTokens } from '@specie/quantities';
import { BreakingStore, pick, randomFrom, type RandomBelow } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import {
  closeReservation,
  confirmReservation,
  expireReservation,
  requestRedemption,
  reservationAggregate,
  tokensFor,
  type Reservation,
} from '../src/domain/reservation/index.js';
import {
  UsageIngestion,
  type ChargedRecords,
  type ReportedUsage,
} from '../src/ingestion/usage-ingestion.js';

const seeds = Array.from({ length: 10 }, (_, index) => 20_261_122 + index);
const now = '2026-03-01T12:00:00.000Z';
const expiresAt = '2026-03-02T12:00:00.000Z';
const graceEndsAt = '2026-03-02T13:00:00.000Z';
const providerId = '00000004-0000-4000-8000-000000000001';

const uuid = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

class Simulation {
  readonly random: RandomBelow;
  readonly store: BreakingStore;
  readonly reservationIds = [1, 2, 3].map((n) => uuid(1, n));
  /** Two instances of the service, each with its own cache. */
  private readonly instances: {
    readonly commands: CommandHandler;
    readonly ingestion: UsageIngestion;
  }[];
  private commandCount = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
    this.store = new BreakingStore(this.random, 5);
    this.instances = [1, 2].map(() => {
      const commands = new CommandHandler(this.store, eventCodec);
      const chargedRecords: ChargedRecords = async (_providerId, records) => {
        const known = new Map<string, string>();
        for (const id of new Set(records.map(({ usageId }) => usageId))) {
          const [charged] = await this.store.readStream(streamIds.usage(id));
          if (charged) {
            known.set(id, (charged.data as { readonly evidenceHash: string }).evidenceHash);
          }
        }
        return known;
      };
      return {
        commands,
        ingestion: new UsageIngestion({ store: this.store, commands, chargedRecords }),
      };
    });
  }

  /** Repeats one command, on any instance, until it is answered. */
  async send<R extends string>(
    run: (
      instance: Simulation['instances'][number],
      context: CommandContext,
    ) => Promise<Handled<R>>,
    at = now,
  ): Promise<Handled<R>> {
    this.commandCount += 1;
    const commandId = uuid(9, this.commandCount * 4_096);
    const context: CommandContext = {
      commandId,
      now: at,
      actor: uuid(2, 1),
      correlationId: commandId,
      causationId: commandId,
      idempotency: { scope: 'simulation', key: commandId, bodyHash: commandId },
    };
    for (let attempt = 1; attempt <= 200; attempt += 1) {
      try {
        const handled = await run(pick(this.instances, this.random), context);
        if (handled.outcome !== 'contended') {
          return handled;
        }
      } catch (error) {
        expect(String(error)).toContain('connection lost');
      }
    }
    throw new Error('a command was never answered');
  }

  async open(reservationId: string, held: bigint): Promise<void> {
    const terms = {
      reservationId,
      partyId: uuid(2, 1),
      seriesId: uuid(3, 1),
      sku: 'A100-80GB',
      usageFromAt: '2026-03-01T00:00:00.000Z',
      expiresAt,
      graceSeconds: 3_600,
      deliveryEndsAt: null,
    } as const;
    const streamId = streamIds.reservation(reservationId);
    const aggregate = reservationAggregate;
    await this.send(({ commands }, context) =>
      commands.handle({
        streamId,
        aggregate,
        decide: (state) =>
          requestRedemption(
            { data: { ...terms, quantity: microTokens(held), eligible: true }, metadata: context },
            state,
          ),
        context,
      }),
    );
    await this.send(({ commands }, context) =>
      commands.handle({
        streamId,
        aggregate,
        decide: (state) =>
          confirmReservation({ data: { reservationId, held: microTokens(held) } }, state),
        context,
      }),
    );
  }

  async stateOf(reservationId: string): Promise<Reservation> {
    const { commands } = pick(this.instances, this.random);
    return (await commands.load(streamIds.reservation(reservationId), reservationAggregate)).state;
  }

  end(reservationId: string, how: 'close' | 'expire'): Promise<Handled<string>> {
    return this.send<string>(
      ({ commands }, context) =>
        commands.handle({
          streamId: streamIds.reservation(reservationId),
          aggregate: reservationAggregate,
          decide: (state) =>
            how === 'close'
              ? closeReservation({ data: { reservationId } }, state)
              : expireReservation({ data: { reservationId }, metadata: context }, state),
          context,
        }),
      how === 'close' ? now : graceEndsAt,
    );
  }
}

/** Every fact of the log, summed once more from the beginning. */
async function totalsOf(
  store: EventStore,
): Promise<
  Map<string, { count: number; atoms: bigint; captured: bigint; released: bigint | null }>
> {
  const totals = new Map<
    string,
    { count: number; atoms: bigint; captured: bigint; released: bigint | null }
  >();
  const seen = new Set<string>();
  for (const recorded of await store.readAll(0, 1_000_000)) {
    const { type, data } = eventCodec.decode(recorded) as {
      type: string;
      data: Record<string, unknown>;
    };
    const id = String(data['reservationId']);
    const total = totals.get(id) ?? { count: 0, atoms: 0n, captured: 0n, released: null };
    totals.set(id, total);
    if (type === 'metering.usage-charged') {
      const name = `${String(data['source'])} ${String(data['recordId'])}`;
      expect(seen.has(name), `${name} charged twice`).toBe(false);
      seen.add(name);
      total.count += 1;
      total.atoms += data['atoms'] as bigint;
    } else if (type === 'metering.slice-captured') {
      total.captured += data['captured'] as bigint;
    } else if (type === 'metering.reservation-closed') {
      total.released = data['released'] as bigint;
    }
  }
  return totals;
}

describe('Metering under lost appends, repeats and two instances', () => {
  it.each(seeds)('counts every record once, exactly and within the hold, SEED=%i', async (seed) => {
    const simulation = new Simulation(seed);
    const { random, reservationIds } = simulation;
    const held = [10n ** 12n, 10n ** 12n, 3_000_000n];
    for (const [index, reservationId] of reservationIds.entries()) {
      await simulation.open(reservationId, held[index] ?? 0n);
    }
    const sent = new Map<
      string,
      { readonly reservationId: string; readonly record: ReportedUsage }
    >();
    const makeRecord = (reservationId: string): ReportedUsage => {
      const record = {
        source: `node-${random(3)}`,
        recordId: `r-${sent.size}`,
        gpuCount: 1 + random(8),
        fraction7000: 1 + random(7_000),
        startedAt: '2026-03-01T08:00:00.000Z',
        seconds: 1 + random(4_000),
      };
      sent.set(record.recordId, { reservationId, record });
      return record;
    };
    const accepted = new Set<string>();
    for (let burst = 0; burst < 25; burst += 1) {
      await Promise.all(
        Array.from({ length: 1 + random(5) }, async () => {
          const reservationId = pick(reservationIds, random);
          const fresh = Array.from({ length: random(6) }, () => makeRecord(reservationId));
          const again = [...sent.values()].filter(
            (entry) => entry.reservationId === reservationId && random(6) === 0,
          );
          const records = [
            ...fresh,
            ...again.map(({ record }) => record),
            ...fresh.slice(0, random(3)),
          ];
          if (records.length === 0) {
            return;
          }
          const handled = await simulation.send(({ ingestion }, context) =>
            ingestion.ingest({ reservationId, providerId, records, backfill: false, context }),
          );
          if (handled.outcome === 'accepted') {
            records.forEach(({ recordId }) => accepted.add(recordId));
          } else {
            expect(handled).toMatchObject({ outcome: 'rejected' });
            expect(['usage_exceeds_hold', 'reservation_closed']).toContain(
              'code' in handled && handled.code,
            );
          }
        }),
      );
    }
    await simulation.end(reservationIds[0] ?? '', 'close');
    await simulation.end(reservationIds[1] ?? '', 'expire');
    await simulation.end(reservationIds[2] ?? '', 'close');
    const totals = await totalsOf(simulation.store);
    for (const [index, reservationId] of reservationIds.entries()) {
      const total = totals.get(reservationId);
      const mine = [...accepted].filter(
        (recordId) => sent.get(recordId)?.reservationId === reservationId,
      );
      const atoms = mine.reduce((sum, recordId) => {
        const record = sent.get(recordId)?.record;
        return record
          ? sum +
              BigInt(record.seconds) *
                BigInt(record.gpuCount) *
                BigInt(record.fraction7000) *
                315_311n
          : sum;
      }, 0n);
      const captured = tokensFor(atoms);
      expect(total).toEqual({
        count: mine.length,
        atoms,
        captured,
        released: (held[index] ?? 0n) - captured,
      });
      expect(await simulation.stateOf(reservationId)).toMatchObject({
        status: 'closed',
        meter: { atoms, captured },
      });
    }
    expect(accepted.size).toBeGreaterThan(50);
  });
});
