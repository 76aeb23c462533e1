import type { PartyStanding, TimedStanding } from '@specie/eligibility';
import { beforeEach, describe, expect, it } from 'vitest';
import { ada, bob, buy, eve, sell, Story, venue } from '../../test/shard-story.js';
import { PartyStandings } from './party-standings.js';

const at = (second: number) => `2026-03-02T10:00:0${second}.000Z`;
let asked: (readonly string[])[];
let told: Map<string, TimedStanding>;
let mark: string;
let standings: PartyStandings;

function tell(partyId: string, standing: PartyStanding, validUntil = at(9)): void {
  told.set(partyId, { standing, validUntil: new Date(validUntil) });
}

beforeEach(() => {
  asked = [];
  told = new Map();
  mark = '1';
  [ada, bob, eve].forEach((partyId) => tell(partyId, 'eligible'));
  standings = new PartyStandings({
    standingsMark: () => Promise.resolve(mark),
    partyStandings: (partyIds) => {
      asked.push([...partyIds]);
      const unknown: TimedStanding = { standing: 'unknown', validUntil: null };
      return Promise.resolve(new Map(partyIds.map((id) => [id, told.get(id) ?? unknown])));
    },
  });
});

const { orders } = new Story([...venue, buy(1), sell(2, { priceTicks: 30_000 })]).venue;
const refresh = (...partyIds: string[]) => standings.refresh(partyIds, { orders, at: at(0) });

describe('The standings of parties', () => {
  it('are asked for once, at first also for those with open orders', async () => {
    await refresh(eve);
    await refresh(eve, ada);
    expect(asked).toEqual([[eve, ada, bob]]);
    expect(standings.of(ada, at(0))).toBe('eligible');
  });

  it('are asked for again, all of them, once anything changed', async () => {
    await refresh(eve);
    mark = '2';
    tell(bob, 'frozen');
    await refresh();
    expect(asked[1]?.toSorted()).toEqual([ada, bob, eve].toSorted());
    expect(standings.barred(orders, at(0))).toEqual([bob]);
  });

  it('are asked for again where a party was not known', async () => {
    const stranger = 'c0c00000-0000-4000-8000-000000000009';
    await refresh(stranger);
    expect(standings.of(stranger, at(0))).toBe('unknown');
    tell(stranger, 'eligible');
    await refresh(stranger);
    expect(standings.of(stranger, at(0))).toBe('eligible');
    await refresh(stranger);
    expect(asked.map(({ length }) => length)).toEqual([3, 1]);
  });

  it('are unknown of who was never asked about', () => {
    expect(standings.of(ada, at(0))).toBe('unknown');
  });

  it('end when what they rest on ends, without a question', async () => {
    tell(ada, 'eligible', at(5));
    tell(bob, 'eligible', at(7));
    await refresh();
    expect(standings.barred(orders, at(4))).toEqual([]);
    expect([standings.mayBar(at(4)), standings.mayBar(at(5))]).toEqual([false, true]);
    expect([standings.of(ada, at(4)), standings.of(ada, at(5))]).toEqual(['eligible', 'expired']);
    expect(standings.barred(orders, at(5))).toEqual([ada]);
    expect(standings.barred(orders, at(7))).toEqual([ada, bob]);
    expect(asked).toHaveLength(1);
  });

  it('bar nobody without open orders', async () => {
    tell(eve, 'frozen');
    await refresh(eve);
    expect(standings.barred(orders, at(0))).toEqual([]);
  });

  it('make nothing due that nobody was told of, as after a restore', async () => {
    told.clear();
    expect(await standings.isDue(orders, at(0))).toBe(false);
    await refresh();
    expect(await standings.isDue(orders, at(0))).toBe(false);
  });
});
