import { eventCodec, streamIds, type UsageCharged } from '@specie/contracts';
import {
  assertNever,
  codeOf,
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
} from '../src/reservation/reservation.decider.js';
import type { ReservationAccessQuery } from '../src/reservation/reservation-access.query.js';
import {
  reservationStream,
  type Reservation,
  type ReservationEvent,
} from '../src/reservation/reservation.state.js';
import { ChargeUsageHandler, type ReportedUsage } from '../src/usage/charge-usage.handler.js';
import { tokensFor } from '../src/usage/usage.decider.js';
import type { UsageQuery } from '../src/usage/usage.query.js';

const seeds = Array.from({ length: 10 }, (_, index) => 20_261_122 + index);
const now = '2026-03-01T12:00:00.000Z';
const expiresAt = '2026-03-02T12:00:00.000Z';
const graceEndsAt = '2026-03-02T13:00:00.000Z';
const providerId = '00000004-0000-4000-8000-000000000001';
const agent = { subject: 'agent', partyId: providerId, roles: ['gpu-agent'] as const };

const uuid = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

class Simulation {
  readonly random: RandomBelow;
  readonly store: BreakingStore;
  readonly reservationIds = [1, 2, 3].map((n) => uuid(1, n));
  /** Two instances of the service, each with its own cache. */
  private readonly instances: {
    readonly commands: CommandHandler;
    readonly chargeUsage: ChargeUsageHandler;
  }[];
  private commandCount = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
    this.store = new BreakingStore(this.random, 5);
    this.instances = [1, 2].map(() => {
      const commands = new CommandHandler(this.store, eventCodec);
      const charged: UsageQuery['charged'] = async (_providerId, records) => {
        const known = new Map<string, string>();
        for (const id of new Set(records.map(({ usageId }) => usageId))) {
          const [first] = await this.store.readStream(streamIds.usage(id));
          if (first) {
            known.set(id, (first.data as { readonly evidenceHash: string }).evidenceHash);
          }
        }
        return known;
      };
      const access = { requireProvider: () => Promise.resolve(providerId) };
      return {
        commands,
        chargeUsage: new ChargeUsageHandler(
          commands,
          access as unknown as ReservationAccessQuery,
          { charged } as UsageQuery,
        ),
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
    const reservation = reservationStream(reservationId);
    await this.send(({ commands }, context) =>
      commands.handle({
        ...reservation,
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
        ...reservation,
        decide: (state) =>
          confirmReservation({ data: { reservationId, held: microTokens(held) } }, state),
        context,
      }),
    );
  }

  async stateOf(reservationId: string): Promise<Reservation> {
    const { commands } = pick(this.instances, this.random);
    const { streamId, aggregate } = reservationStream(reservationId);
    return (await commands.load(streamId, aggregate)).state;
  }

  end(reservationId: string, how: 'close' | 'expire'): Promise<Handled<string>> {
    return this.send<string>(
      ({ commands }, context) =>
        commands.handle({
          ...reservationStream(reservationId),
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
    const event = eventCodec.decode(recorded) as ReservationEvent | UsageCharged;
    const id = event.data.reservationId;
    const total = totals.get(id) ?? { count: 0, atoms: 0n, captured: 0n, released: null };
    totals.set(id, total);
    switch (event.type) {
      case 'metering.usage-charged': {
        const name = `${event.data.source} ${event.data.recordId}`;
        expect(seen.has(name), `${name} charged twice`).toBe(false);
        seen.add(name);
        total.count += 1;
        total.atoms += event.data.atoms;
        break;
      }
      case 'metering.slice-captured':
        total.captured += event.data.captured;
        break;
      case 'metering.reservation-closed':
        total.released = event.data.released;
        break;
      case 'metering.redemption-requested':
      case 'metering.reservation-confirmed':
      case 'metering.reservation-refused':
        break;
      default:
        assertNever(event);
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
          const command = { reservationId, records, backfill: false };
          const handled = await simulation.send(({ chargeUsage }, context) =>
            chargeUsage.handle(command, context, agent),
          );
          if (handled.outcome === 'accepted') {
            records.forEach(({ recordId }) => accepted.add(recordId));
          } else {
            expect(handled).toMatchObject({ outcome: 'rejected' });
            expect(['usage_exceeds_hold', 'reservation_closed']).toContain(
              handled.outcome === 'rejected' && codeOf(handled),
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
