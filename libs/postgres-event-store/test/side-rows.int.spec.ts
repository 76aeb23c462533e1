import { randomUUID } from 'node:crypto';
import { toStream, trialCommand } from '@specie/testing';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostgresEventStore } from '../src/index.js';
import { createTrial, touch, type Trial } from './open-test-store.js';

describe.each([
  ['without projections', []],
  ['with a projection', [touch]],
])('Side rows in a store %s', (_what, projections) => {
  let trial: Trial;
  let store: PostgresEventStore;
  let dataSource: DataSource;
  beforeEach(async () => {
    trial = await createTrial();
    ({ store, dataSource } = await trial.open({ projections }));
    await dataSource.query(
      'create table secrets (owner text constraint secrets_owner unique, words text[] not null)',
    );
  });
  afterEach(() => trial.close());

  const append = (streamId: string, owner: string, changed = {}) =>
    store.append({
      ...trialCommand([toStream(streamId, 'no_stream', { owner })]),
      sideRows: [{ table: 'secrets', rows: [{ owner, words: [`of ${owner}`, 'two'] }] }],
      ...changed,
    });
  const stored = () => dataSource.query<unknown[]>('select * from secrets order by owner');

  it('commit with the events of their command', async () => {
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((owner) => append(`stream-${owner}`, owner)),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['appended', 'appended', 'appended']);
    expect(await stored()).toEqual([
      { owner: 'a', words: ['of a', 'two'] },
      { owner: 'b', words: ['of b', 'two'] },
      { owner: 'c', words: ['of c', 'two'] },
    ]);
  });

  it('of a command that is refused or repeated are not written', async () => {
    const commandId = randomUUID();
    expect((await append('stream-a', 'a', { commandId })).outcome).toBe('appended');
    expect((await append('stream-a', 'b')).outcome).toBe('wrong_expected_version');
    expect((await append('stream-a', 'a', { commandId })).outcome).toBe('already_done');
    expect(await stored()).toEqual([{ owner: 'a', words: ['of a', 'two'] }]);
  });

  it('that violate a constraint refuse their command alone', async () => {
    const outcomes = await Promise.all([
      append('stream-a', 'a'),
      append('stream-b', 'a'),
      append('stream-c', 'c'),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'appended',
      'constraint_violated',
      'appended',
    ]);
    expect((await store.readAll(0, 10)).map(({ streamId }) => streamId)).toEqual([
      'stream-a',
      'stream-c',
    ]);
    expect(await stored()).toHaveLength(2);
  });
});
