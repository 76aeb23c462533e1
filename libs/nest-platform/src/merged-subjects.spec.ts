import { defineProjection } from '@specie/postgres-event-store';
import { describe, expect, it } from 'vitest';
import type { ModuleRef } from '@nestjs/core';
import { mergeSubjects } from './merged-subjects.js';
import { EventPattern } from './messaging/event-pattern.js';
import { defineSubject } from './subject.js';

class SeriesConsumer {
  @EventPattern(['issuance.series-opened', 'issuance.tokens-held'])
  onIssuance(): void {}
}
class HoldsConsumer {
  @EventPattern('issuance.tokens-held')
  onHeld(): void {}

  close(): void {}
}
class Create1732000000000 {
  name = 'Create1732000000000';
  up = () => Promise.resolve();
  down = () => Promise.resolve();
}
class Index1731000000000 {
  up = () => Promise.resolve();
  down = () => Promise.resolve();
}
const projection = (name: string) =>
  defineProjection<never, null>({
    ...{ name, events: {} },
    ...{ changes: () => null, write: () => Promise.resolve() },
  });
const rows = (name: string) => ({ name, read: () => Promise.resolve([]) });
const shared = ['Only a party that compliance approved may do this.'];

describe('Merged subjects', () => {
  const woken: string[] = [];
  const accounts = defineSubject({
    name: 'accounts',
    migrations: [Create1732000000000],
    projections: [projection('accounts')],
    consumers: [SeriesConsumer],
    attested: [rows('accounts')],
    refusals: { party_ineligible: shared },
    health: () => Promise.resolve([{ name: 'backlog', isDegraded: true, details: {} }]),
    onBecomeWriter: () => Promise.resolve(void woken.push('accounts')),
  });
  const holds = defineSubject({
    name: 'holds',
    migrations: [Index1731000000000],
    projections: [projection('holds')],
    consumers: [HoldsConsumer],
    attested: [rows('holds')],
    refusals: { party_ineligible: shared, hold_unknown: ['There is no such hold.'] },
    onBecomeWriter: () => Promise.resolve(void woken.push('holds')),
  });

  it('keep the order of the subjects, except that migrations run by their timestamps', async () => {
    const merged = mergeSubjects([accounts, holds]);
    expect(merged.projections.map(({ name }) => name)).toEqual(['accounts', 'holds']);
    expect(merged.attested.map(({ name }) => name)).toEqual(['accounts', 'holds']);
    expect(merged.migrations).toEqual([Index1731000000000, Create1732000000000]);
    await merged.onBecomeWriter({} as ModuleRef);
    expect(woken).toEqual(['accounts', 'holds']);
    expect(await merged.health({} as ModuleRef)).toHaveLength(1);
  });

  it('consume what their consumers handle, each type once', () => {
    const { eventsConsumed } = mergeSubjects([accounts, holds]);
    expect(eventsConsumed).toEqual(['issuance.series-opened', 'issuance.tokens-held']);
    class Idle {}
    expect(() => mergeSubjects([{ name: 'idle', consumers: [Idle] }])).toThrow(
      'Idle is listed as a consumer and has no @EventPattern method',
    );
  });

  it('may share a text, and nothing else by one name', () => {
    expect(Object.keys(mergeSubjects([accounts, holds]).refusals)).toHaveLength(2);
    const other = { name: 'other', refusals: { hold_unknown: ['Another text.'] } };
    expect(() => mergeSubjects([holds, other])).toThrow('refusal hold_unknown');
    expect(() => mergeSubjects([holds, holds])).toThrow('two subjects have the name holds');
    const again = { name: 'again', attested: [rows('holds')] };
    expect(() => mergeSubjects([holds, again])).toThrow(
      'two attested collections have the name holds',
    );
  });

  it('take no migration that has no place', () => {
    class Undated {
      up = () => Promise.resolve();
      down = () => Promise.resolve();
    }
    expect(() => mergeSubjects([{ name: 'undated', migrations: [Undated] }])).toThrow(
      'the migration Undated has no timestamp',
    );
  });
});
