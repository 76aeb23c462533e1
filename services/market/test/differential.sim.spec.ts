import { eventCodec } from '@specie/contracts';
import { derivedId } from '@specie/contracts/ids';
import {
  EVENT_TYPES,
  MatchingCore,
  type Command,
  type EngineLimits,
  type MatchingEvent,
} from '@specie/matching-core';
import { randomFrom, seedOr } from '@specie/testing';
import { describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the naive twin is test code of the core, and no package
import { NaiveEngine } from '../../../libs/matching-core/test/twin/naive-engine.js';
import { decide } from '../src/shard/decide.js';
import {
  cancelOrderRejections,
  placeOrderRejections,
  replaceOrderRejections,
} from '../src/shard/order-rejections.js';
import { replayCommand } from '../src/shard/replay-command.js';
import type { ShardEvent } from '../src/shard/shard-events.js';
import {
  changePhaseRejections,
  setBandsRejections,
  setKillSwitchRejections,
} from '../src/shard/shard-rejections.js';
import { readSnapshot, writeSnapshot } from '../src/shard/snapshot.js';
import { Venue } from '../src/shard/venue.js';
import { RandomCommands } from './random-commands.js';

const limits: EngineLimits = {
  orderCapacity: 24,
  accountCapacity: 16,
  bookCapacity: 4,
  ladderTicks: 1_024,
  tradeHistory: 64,
};
const seedCount = process.env['SPECIE_FULL'] === '1' ? 200 : 20;
const commandCount = 2_000;
const tradeIdOf = (n: number): string => derivedId('trade', 'main', String(n));

/** The core and its naive twin in lock step. */
class LockStepCore extends MatchingCore {
  private readonly twin = new NaiveEngine(limits);
  readonly reached = new Set<string>();

  constructor() {
    super(limits);
  }

  override apply(command: Command): MatchingEvent[] {
    const events = super.apply(command);
    expect(events).toEqual(this.twin.apply(command));
    for (const event of events) {
      this.reached.add(event.type === 'rejected' ? `rejected ${event.reason}` : event.type);
    }
    return events;
  }

  expectSameState(): void {
    expect(this.stateView()).toEqual(this.twin.stateView());
  }
}

interface Played {
  readonly venue: Venue;
  readonly log: readonly (readonly ShardEvent[])[];
  readonly reached: ReadonlySet<string>;
  readonly refusals: ReadonlySet<string>;
}

/** Plays random commands as clients send them; what is recorded has been through the codec of the log. */
function play(seed: number, core: LockStepCore): Played {
  const random = randomFrom(seed);
  const commands = new RandomCommands(random);
  const venue = new Venue(core);
  const log: (readonly ShardEvent[])[] = [];
  const refusals = new Set<string>();
  const facts = { isKnownParty: () => true, isEligible: () => true, earlier: null, tradeIdOf };
  const opening = commands.opening();
  for (let count = 0; count < commandCount; count += 1) {
    const { decision } = decide(opening.shift() ?? commands.next(venue), venue, facts);
    const events = (decision.events ?? []).map(
      (event) => eventCodec.decode(eventCodec.encode(event)) as ShardEvent,
    );
    if (events.length > 0) log.push(events);
    if (decision.outcome === 'rejected') refusals.add(decision.violations[0].code);
    if (count % 100 === 0) core.expectSameState();
  }
  core.expectSameState();
  return { venue, log, reached: core.reached, refusals };
}

function replayed(log: Played['log'], venue: Venue): Venue {
  log.forEach((events) => replayCommand(events, { venue, tradeIdOf }));
  return venue;
}

const stateOf = (venue: Venue) => ({ ...venue.core.stateView(), commandSequence: 0 });

describe('The shard on random commands', () => {
  const everything = new Set<string>();

  it.each(Array.from({ length: seedCount }, (_, n) => seedOr(20_261_128) + n))(
    'agrees with the naive twin, and its log done again gives the same state, SEED=%i',
    (seed) => {
      const { venue, log, reached, refusals } = play(seed, new LockStepCore());
      [...reached, ...refusals].forEach((name) => everything.add(name));

      const again = replayed(log, new Venue(new MatchingCore(limits)));
      expect(again.core.stateHash()).toBe(venue.core.stateHash());
      expect(stateOf(again)).toEqual(stateOf(venue));
      expect(again.allPending()).toEqual(venue.allPending());
      expect(again.remainders.all()).toEqual(venue.remainders.all());

      const cut = randomFrom(seed + 1)(log.length);
      const before = replayed(log.slice(0, cut), new Venue(new MatchingCore(limits)));
      const resumed = replayed(log.slice(cut), readSnapshot(writeSnapshot(before)));
      expect(writeSnapshot(resumed)).toEqual(writeSnapshot(again));
    },
  );

  it('reached every kind of event and refusal of an order', () => {
    const codes = new Set([
      ...placeOrderRejections,
      ...cancelOrderRejections,
      ...replaceOrderRejections,
      ...changePhaseRejections,
      ...setBandsRejections,
      ...setKillSwitchRejections,
    ]);
    const decidedEarlier = [
      ...['order_exists_differently', 'party_unknown', 'book_unknown', 'party_ineligible'],
      ...['order_refused', 'order_not_open'],
    ];
    expect([...codes].filter((code) => !everything.has(code))).toEqual(decidedEarlier);
    // Fee tiers, busts and corrections are no commands of the shard.
    const others = ['trade_busted', 'trade_corrected', 'fees_set'];
    expect(EVENT_TYPES.filter((type) => type !== 'rejected' && !everything.has(type))).toEqual(
      others,
    );
  });
});
