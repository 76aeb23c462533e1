import type { DomainEvent, EventCodec, RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { assertEveryEventProjected, defineProjection } from './projection.js';
import { Projector } from './projector.js';

type Opened = DomainEvent<'trial.opened', { readonly balance: bigint }>;
type Moved = DomainEvent<'trial.moved', { readonly amount: bigint }>;
type Noted = DomainEvent<'trial.noted', { readonly note: string }>;
type TrialEvent = Opened | Moved | Noted;

const manager = {} as EntityManager;

function sums(written: string[]) {
  return defineProjection<TrialEvent, { sum: bigint; readonly places: number[] }>({
    name: 'sums',
    events: {
      'trial.opened': (changes, { data }) => {
        expectTypeOf(data).toEqualTypeOf<{ readonly balance: bigint }>();
        changes.sum += data.balance;
      },
      'trial.moved': (changes, { data, position }) => {
        changes.sum += data.amount;
        changes.places.push(position);
      },
      'trial.noted': 'ignored',
    },
    changes: (_manager, events) => ({ sum: BigInt(1_000 * events.length), places: [] }),
    write: (_manager, { sum, places }) => {
      written.push(`${sum} at ${places.join(' ')}`);
      return Promise.resolve();
    },
  });
}

const moves = (seen: string[]) =>
  defineProjection<Moved, string[]>({
    name: 'moves',
    events: { 'trial.moved': (changes, event) => changes.push(event.streamId) },
    changes: () => [],
    write: (_manager, changes) => Promise.resolve(void seen.push(...changes)),
  });

function recorded(position: number, type: string, data: Record<string, string>): RecordedEvent {
  const at = '2026-03-01T12:00:00.000Z';
  return {
    ...{ type, schemaVersion: 1, data, position, eventId: `event-${position}` },
    ...{ streamId: `stream-${position}`, streamVersion: 1, commandId: 'command' },
    ...{ occurredAt: at, effectiveAt: at, recordedAt: at },
    metadata: { correlationId: '', causationId: '', actor: '', idempotencyKey: null },
  };
}
const log = [
  recorded(1, 'trial.opened', { balance: '5' }),
  recorded(2, 'trial.noted', { note: 'not decoded' }),
  recorded(3, 'trial.moved', { amount: '7' }),
  recorded(4, 'trial.foreign', {}),
];

function codec() {
  const decode = vi.fn<EventCodec['decode']>(({ type, data }) => {
    const fields = Object.entries(data as Record<string, string>);
    return { type, data: Object.fromEntries(fields.map(([name, text]) => [name, BigInt(text)])) };
  });
  return { encode: vi.fn<EventCodec['encode']>(), decode };
}

describe('A projection', () => {
  it('folds the decoded events that it handles, and writes once', async () => {
    const written: string[] = [];
    await new Projector([sums(written)], codec()).project(manager, log);
    expect(written).toEqual(['2012 at 3']);
  });

  it('is left alone by a batch without an event for it', async () => {
    const written: string[] = [];
    await new Projector([sums(written)], codec()).project(manager, log.slice(3));
    expect(written).toEqual([]);
  });

  it('does not compile when it leaves out a type of its events, or names another', () => {
    const rest = {
      ...{ name: 'incomplete', changes: (): bigint[] => [], write: () => Promise.resolve() },
    };
    const events = { 'trial.opened': 'ignored', 'trial.moved': 'ignored' } as const;
    // @ts-expect-error trial.noted is neither handled nor ignored
    const incomplete = defineProjection<TrialEvent, bigint[]>({ ...rest, events });
    expect([...incomplete.types]).toEqual(['trial.opened', 'trial.moved']);
    const foreign = defineProjection<Noted, bigint[]>({
      ...rest,
      // @ts-expect-error trial.gone is no event of it
      events: { 'trial.noted': 'ignored', 'trial.gone': 'ignored' },
    });
    expect(foreign.handledTypes.size).toBe(0);
  });
});

describe('The projections of a store', () => {
  it('decode an event once for all of them, and only what one of them handles', async () => {
    const [written, seen]: [string[], string[]] = [[], []];
    const counted = codec();
    await new Projector([sums(written), moves(seen)], counted).project(manager, log);
    expect(counted.decode.mock.calls.map(([{ type }]) => type)).toEqual([
      'trial.opened',
      'trial.moved',
    ]);
    expect(written).toEqual(['2012 at 3']);
    expect(seen).toEqual(['stream-3']);
  });

  it('need the codec of their events', () => {
    expect(() => new Projector([sums([])])).toThrow('the projection sums needs the codec');
  });

  it('must name every type of the log', () => {
    const projections = [sums([]), moves([])];
    const types = ['trial.opened', 'trial.moved', 'trial.noted'];
    assertEveryEventProjected(projections, types);
    expect(() => {
      assertEveryEventProjected(projections, [...types, 'trial.added', 'trial.closed']);
    }).toThrow('no projection handles or ignores trial.added, trial.closed');
  });
});
