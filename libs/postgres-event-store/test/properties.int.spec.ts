import {
  InMemoryEventStore,
  type AppendOutcome,
  type AppendRequest,
  type ExpectedVersion,
} from '@specie/event-sourcing';
import { toStream, trialCommand } from '@specie/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalEventBytes, chainHash, genesisHash } from '../src/index.js';
import { createTrial, type TestStore, type Trial } from './open-test-store.js';

const expectedVersion: fc.Arbitrary<ExpectedVersion> = fc.oneof(
  fc.constantFrom('any', 'exists', 'no_stream'),
  fc.nat(6),
);
const json = fc
  .jsonValue({ noUnicodeString: false })
  .map(
    (value) =>
      JSON.parse(
        JSON.stringify(value, (_key, part: unknown) =>
          typeof part === 'number' ? Math.trunc(part % 1e9) || 0 : part,
        ),
      ) as never,
  );
const commandIdOf = (n: number): string =>
  `00000000-0000-4000-8000-0000000${String(n).padStart(2, '0')}000`;
const uuids = Array.from({ length: 12 }, (_, n) => commandIdOf(n));

const request: fc.Arbitrary<AppendRequest> = fc
  .record({
    commandId: fc.constantFrom(...uuids),
    streams: fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), expectedVersion, fc.array(json, { maxLength: 3 })),
      {
        selector: ([streamId]) => streamId,
        maxLength: 3,
      },
    ),
    key: fc.option(
      fc.record({
        key: fc.constantFrom('k1', 'k2', 'k3'),
        bodyHash: fc.constantFrom('aa', 'bb'),
        answer: json,
      }),
    ),
    inbox: fc.option(fc.constantFrom('e1', 'e2', 'e3')),
  })
  .map(({ commandId, streams, key, inbox }) =>
    trialCommand(
      streams.map(([streamId, expected, data]) => toStream(streamId, expected, ...data)),
      {
        commandId,
        ...(key ? { idempotency: { scope: 's', ...key } } : {}),
        ...(inbox ? { inbox: { consumer: 'c', eventId: inbox } } : {}),
      },
    ),
  );

describe('PostgresEventStore against its model', () => {
  let trial: Trial;
  let instances: TestStore[];
  let run = 0;
  beforeAll(async () => {
    trial = await createTrial();
  });
  afterAll(() => trial.close());

  it('answers any sequence of commands as the in-memory store does, from whichever instance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(request, fc.boolean()), { minLength: 1, maxLength: 25 }),
        async (steps) => {
          run += 1;
          const schema = `run_${run}`;
          instances = [await trial.open({ schema }), await trial.open({ schema, migrate: false })];
          const model = new InMemoryEventStore();
          for (const [command, bySecond] of steps) {
            const store = instances[bySecond ? 1 : 0]?.store;
            const outcome = await store?.append(command);
            expect(outcome && comparable(outcome)).toEqual(comparable(await model.append(command)));
          }
          const store = instances[0]?.store;
          expect((await store?.readAll(0, 1_000))?.map(withoutTime)).toEqual(
            (await model.readAll(0, 1_000)).map(withoutTime),
          );
          expect(await store?.verifyLog()).toMatchObject({ problem: null });
          let previous = genesisHash;
          for (const event of (await store?.readLog({ afterPosition: 0, limit: 1_000 })) ?? []) {
            const bytes = canonicalEventBytes('trial', {
              ...event,
              data: event.dataBytes,
              metadata: event.metadataBytes,
            });
            previous = chainHash(previous, bytes);
            expect(previous).toEqual(event.chainHash);
          }
          await Promise.all(instances.map((instance) => instance.close()));
        },
      ),
      {
        numRuns: 12,
        examples: [
          // The id of a command that ran, on a command without events.
          [
            [
              [trialCommand([toStream('a', 0, false)], { commandId: commandIdOf(0) }), false],
              [trialCommand([], { commandId: commandIdOf(0) }), false],
              [trialCommand([], { commandId: commandIdOf(0) }), true],
            ],
          ],
          // What is expected of a stream that gets no events, on an instance that has forgotten it.
          [
            [
              [trialCommand([toStream('a', 0, null)], { commandId: commandIdOf(0) }), false],
              [trialCommand([toStream('a', 'no_stream')], { commandId: commandIdOf(1) }), true],
            ],
          ],
        ],
      },
    );
  });
});

function comparable(outcome: AppendOutcome): unknown {
  return outcome.outcome === 'appended'
    ? { ...outcome, events: outcome.events.map(withoutTime) }
    : outcome;
}

function withoutTime<E extends { readonly recordedAt: string }>(event: E): Omit<E, 'recordedAt'> {
  const { recordedAt: _recordedAt, ...rest } = event;
  return rest;
}
