import { randomUUID } from 'node:crypto';
import type {
  AppendOutcome,
  EventStore,
  InboxPair,
  RecordedEvent,
  ReplayedEvent,
} from '@specie/event-sourcing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toStream, trialCommand, trialMetadata } from './trial-commands.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  close(): Promise<void>;
}

/** What every `EventStore` promises. `open` gives an empty log that accepts event types `trial.*`. */
export function describeEventStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an event store`, () => {
    let opened: StoreUnderTest;
    const store = (): EventStore => opened.store;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    describePositions(store);
    describeExpectedVersions(store);
    describeRepeats(store);
    describeAnswers(store);
  });
}

type CurrentStore = () => EventStore;

async function replayed(
  store: EventStore,
  streamId: string,
  afterVersion: number,
): Promise<readonly ReplayedEvent[]> {
  const events: ReplayedEvent[] = [];
  await store.replayStream(streamId, afterVersion, (event) => events.push(folded(event)));
  return events;
}

function folded(event: ReplayedEvent): ReplayedEvent {
  const { position, streamVersion, commandId, occurredAt, type, schemaVersion, data } = event;
  return { position, streamVersion, commandId, occurredAt, type, schemaVersion, data };
}

function describePositions(store: CurrentStore): void {
  it('gives positions 1, 2, 3 and versions per stream, in order', async () => {
    await store().append(trialCommand([toStream('a', 'no_stream', { n: 1 }, { n: 2 })]));
    await store().append(
      trialCommand([toStream('b', 'no_stream', { n: 3 }), toStream('a', 2, { n: 4 })]),
    );
    const log = await store().readAll(0, 100);
    expect(log.map(place)).toEqual(['1 a 1', '2 a 2', '3 b 1', '4 a 3']);
    expect(log.map((event) => event.data)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
  });

  it('stores an event exactly as it was answered', async () => {
    const command = trialCommand(
      [toStream('a', 'no_stream', { text: 'größe \u{1f600} \\ \t "', big: '9007199254740993' })],
      {
        effectiveAt: '2026-02-28T23:59:59.999Z',
      },
    );
    const outcome = await store().append(command);
    const [event] = eventsOf(outcome);
    expect(await store().readStream('a')).toEqual([event]);
    expect(event).toMatchObject({
      eventId: command.commandId,
      commandId: command.commandId,
      streamId: 'a',
      type: 'trial.counted',
      schemaVersion: 1,
      occurredAt: '2026-03-01T12:00:00.000Z',
      effectiveAt: '2026-02-28T23:59:59.999Z',
      metadata: trialMetadata,
    });
  });

  it('reads a stream and the log from any place', async () => {
    for (let n = 1; n <= 7; n += 1) {
      await store().append(
        trialCommand([toStream('a', 'any', { n }), toStream('b', 'any', { n })]),
      );
    }
    expect((await store().readStream('a', 4)).map(place)).toEqual(['9 a 5', '11 a 6', '13 a 7']);
    expect((await store().readAll(11, 2)).map(place)).toEqual(['12 b 6', '13 a 7']);
    expect(await store().readAll(14, 10)).toEqual([]);
    expect(await store().readStream('nobody')).toEqual([]);
  });

  it('replays what follows in a stream, event by event', async () => {
    for (let n = 1; n <= 5; n += 1) {
      await store().append(
        trialCommand([toStream(`it's`, 'any', { n }), toStream('b', 'any', { n })]),
      );
    }
    const whole = await store().readStream(`it's`, 2);
    expect(await replayed(store(), `it's`, 2)).toEqual(whole.map(folded));
    expect(whole.map(place)).toEqual([`5 it's 3`, `7 it's 4`, `9 it's 5`]);
    expect(await replayed(store(), `it's`, 5)).toEqual([]);
    expect(await replayed(store(), 'nobody', 0)).toEqual([]);
  });

  it('ends a replay with what the listener throws, and replays again', async () => {
    await store().append(trialCommand([toStream('a', 'any', { n: 1 }, { n: 2 }, { n: 3 })]));
    const seen: number[] = [];
    const failing = store().replayStream('a', 0, ({ streamVersion }) => {
      seen.push(streamVersion);
      if (streamVersion === 2) throw new Error('connection terminated: not really');
    });
    await expect(failing).rejects.toThrow('not really');
    expect(seen).toEqual([1, 2]);
    expect(await replayed(store(), 'a', 0)).toHaveLength(3);
  });

  it('appends to several streams or to none', async () => {
    await store().append(trialCommand([toStream('a', 'no_stream', {})]));
    const refused = await store().append(
      trialCommand([toStream('b', 'no_stream', {}), toStream('a', 'no_stream', {})]),
    );
    expect(refused).toEqual({ outcome: 'wrong_expected_version', streamId: 'a' });
    expect(await store().readStream('b')).toEqual([]);
  });

  it('keeps the order of 200 concurrent appends dense', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        store().append(trialCommand([toStream(`s${n % 9}`, 'any', { n })])),
      ),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(outcomes.map(() => 'appended'));
    const log = await store().readAll(0, 1_000);
    expect(log.map(({ position }) => position)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 1),
    );
    expect(new Set(log.map(({ eventId }) => eventId)).size).toBe(200);
  });
}

function describeExpectedVersions(store: CurrentStore): void {
  it('enforces no_stream, exists and numbers, and never refuses any', async () => {
    const attempt = async (expected: number | 'no_stream' | 'exists' | 'any'): Promise<string> =>
      (await store().append(trialCommand([toStream('a', expected, {})]))).outcome;
    expect(await attempt('exists')).toBe('wrong_expected_version');
    expect(await attempt(1)).toBe('wrong_expected_version');
    expect(await attempt('no_stream')).toBe('appended');
    expect(await attempt('no_stream')).toBe('wrong_expected_version');
    expect(await attempt('exists')).toBe('appended');
    expect(await attempt(1)).toBe('wrong_expected_version');
    expect(await attempt(3)).toBe('wrong_expected_version');
    expect(await attempt(2)).toBe('appended');
    expect(await attempt('any')).toBe('appended');
    expect((await store().readStream('a')).map(({ streamVersion }) => streamVersion)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('lets exactly one of 20 racing appends with the same expected version through', async () => {
    await store().append(trialCommand([toStream('a', 'no_stream', {})]));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => store().append(trialCommand([toStream('a', 1, {})]))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'wrong_expected_version')).toHaveLength(19);
  });

  it('refuses none of 20 racing appends without an expected version', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => store().append(trialCommand([toStream('a', 'any', {})]))),
    );
    expect(outcomes.every(({ outcome }) => outcome === 'appended')).toBe(true);
    expect(await store().readStream('a')).toHaveLength(20);
  });

  it('lets commands that follow each other on one stream share a batch', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        store().append(trialCommand([toStream('a', n === 0 ? 'no_stream' : n, { n })])),
      ),
    );
    expect(outcomes.every(({ outcome }) => outcome === 'appended')).toBe(true);
  });
}

function describeRepeats(store: CurrentStore): void {
  const idempotency = {
    scope: 'party-1 POST /things',
    key: 'key-1',
    bodyHash: 'aa',
    answer: { id: 'x' },
  };

  it('answers a repeated command id with already_done, and with other events as a conflict', async () => {
    const command = trialCommand([toStream('a', 'any', { n: 1 }, { n: 2 })]);
    await store().append(command);
    expect(await store().append(command)).toEqual({ outcome: 'already_done', answer: null });
    expect(
      await store().append({ ...command, streams: [toStream('a', 'any', { n: 1 }, { n: 3 })] }),
    ).toEqual({
      outcome: 'conflicting_repeat',
    });
    expect(await store().append({ ...command, streams: [toStream('a', 'any', { n: 1 })] })).toEqual(
      {
        outcome: 'conflicting_repeat',
      },
    );
    expect(await store().readStream('a')).toHaveLength(2);
  });

  it('answers a repeated idempotency key with the stored answer, and with another body as a conflict', async () => {
    await store().append(trialCommand([toStream('a', 'any', {})], { idempotency }));
    expect(await store().append(trialCommand([toStream('a', 'any', {})], { idempotency }))).toEqual(
      {
        outcome: 'already_done',
        answer: { id: 'x' },
      },
    );
    const other = { ...idempotency, bodyHash: 'bb' };
    expect(
      await store().append(trialCommand([toStream('a', 'any', {})], { idempotency: other })),
    ).toEqual({
      outcome: 'conflicting_repeat',
    });
    expect(await store().readStream('a')).toHaveLength(1);
  });

  it('answers a repeated inbox pair with already_done, even for a command without events', async () => {
    const inbox = { consumer: 'trial.billing', eventId: randomUUID() };
    expect((await store().append(trialCommand([], { inbox }))).outcome).toBe('appended');
    expect(
      (await store().append(trialCommand([toStream('a', 'any', {})], { inbox }))).outcome,
    ).toBe('already_done');
    const elsewhere = { ...inbox, consumer: 'trial.alerts' };
    expect((await store().append(trialCommand([], { inbox: elsewhere }))).outcome).toBe('appended');
    expect(await store().readAll(0, 10)).toEqual([]);
  });

  it('answers several consumed events with one command: each pair is kept, and each event may name its cause', async () => {
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()].map((eventId) => ({
      consumer: 'trial.billing',
      eventId,
    })) as [InboxPair, InboxPair, InboxPair];
    const metadata = { ...trialMetadata, causationId: randomUUID() };
    const stream = toStream('a', 'any', {}, {});
    const [own, shared] = stream.events;
    const events = own && shared ? [{ ...own, metadata }, shared] : [];
    expect(
      (await store().append(trialCommand([{ ...stream, events }], { inbox: [first, second] })))
        .outcome,
    ).toBe('appended');
    expect((await store().readStream('a')).map((event) => event.metadata)).toEqual([
      metadata,
      trialMetadata,
    ]);
    for (const inbox of [first, [third, second]]) {
      const repeat = trialCommand([toStream('a', 'any', {})], { inbox });
      expect(await store().append(repeat)).toEqual({ outcome: 'already_done', answer: null });
    }
    // Nothing was kept of the append that found one of its pairs answered.
    expect((await store().append(trialCommand([], { inbox: third }))).outcome).toBe('appended');
    expect(await store().readStream('a')).toHaveLength(2);
  });

  it('runs one of ten concurrent repeats, for each kind of repeat', async () => {
    const command = trialCommand([toStream('a', 'any', {})]);
    const inbox = { consumer: 'trial.billing', eventId: randomUUID() };
    const kinds = [
      () => command,
      () => trialCommand([toStream('b', 'any', {})], { idempotency }),
      () => trialCommand([toStream('c', 'any', {})], { inbox }),
    ];
    for (const make of kinds) {
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => store().append(make())));
      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'already_done')).toHaveLength(9);
    }
  });

  it('keeps nothing of a refused command', async () => {
    const inbox = { consumer: 'trial.billing', eventId: randomUUID() };
    await store().append(trialCommand([toStream('a', 5, {})], { idempotency, inbox }));
    expect(await store().findAnswer(idempotency.scope, idempotency.key)).toBeNull();
    expect(
      (await store().append(trialCommand([toStream('a', 'any', {})], { idempotency, inbox })))
        .outcome,
    ).toBe('appended');
  });
}

function describeAnswers(store: CurrentStore): void {
  it('keeps the first answer of a key, also of a command without events', async () => {
    const first = { scope: 's', key: 'k', bodyHash: 'aa', answer: { rejected: 'too_late' } };
    const refuse = (idempotency: typeof first) =>
      store().append(trialCommand([toStream('a', 'no_stream')], { idempotency }));
    expect(await store().findAnswer('s', 'k')).toBeNull();
    expect((await refuse(first)).outcome).toBe('appended');
    expect(await refuse({ ...first, answer: { rejected: 'too_early' } })).toEqual({
      outcome: 'already_done',
      answer: first.answer,
    });
    expect(await refuse({ ...first, bodyHash: 'bb' })).toEqual({ outcome: 'conflicting_repeat' });
    expect(await store().findAnswer('s', 'k')).toMatchObject({
      bodyHash: 'aa',
      answer: first.answer,
    });
    expect(await store().findAnswer('s', 'other')).toBeNull();
    const late = trialCommand([toStream('a', 'any', {})], { idempotency: first });
    expect(await store().append(late)).toEqual({ outcome: 'already_done', answer: first.answer });
    expect(await store().readAll(0, 10)).toEqual([]);
  });

  it('keeps no answer that was decided on another version of a stream', async () => {
    const idempotency = { scope: 's', key: 'k', bodyHash: 'aa', answer: { rejected: 'too_late' } };
    await store().append(trialCommand([toStream('a', 'no_stream', {}), toStream('b', 'any', {})]));
    const refuse = (version: number) =>
      store().append(trialCommand([toStream('b', 1), toStream('a', version)], { idempotency }));
    expect(await refuse(2)).toEqual({ outcome: 'wrong_expected_version', streamId: 'a' });
    expect(await store().findAnswer('s', 'k')).toBeNull();
    expect((await refuse(1)).outcome).toBe('appended');
    const read = trialCommand([toStream('b', 1, {}), toStream('a', 'no_stream')]);
    expect(await store().append(read)).toEqual({
      outcome: 'wrong_expected_version',
      streamId: 'a',
    });
    expect((await store().readStream('b')).length).toBe(1);
  });
}

function place(event: RecordedEvent): string {
  return `${event.position} ${event.streamId} ${event.streamVersion}`;
}

function eventsOf(outcome: AppendOutcome): readonly RecordedEvent[] {
  if (outcome.outcome !== 'appended') {
    throw new Error(`expected appended, got ${outcome.outcome}`);
  }
  return outcome.events;
}
