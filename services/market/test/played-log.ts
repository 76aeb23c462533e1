import { eventCodec } from '@specie/contracts';
import { MatchingCore, type EngineLimits } from '@specie/matching-core';
import { randomFrom } from '@specie/testing';
import { decide } from '../src/shard/decide.js';
import type { ShardEvent } from '../src/shard/shard-events.js';
import { Venue } from '../src/shard/venue.js';
import { RandomCommands } from './random-commands.js';
import { tradeIdOf } from './shard-story.js';

export const playedLimits: EngineLimits = {
  orderCapacity: 64,
  accountCapacity: 16,
  bookCapacity: 4,
  ladderTicks: 1_024,
  tradeHistory: 64,
};

export interface PlayedLog {
  readonly venue: Venue;
  /** The events of each command that made any, as the log has them. */
  readonly commands: readonly (readonly ShardEvent[])[];
}

/** What random commands make of an empty venue; `after` is told of each command. */
export function playedLog(
  seed: number,
  commandCount: number,
  after: (events: readonly ShardEvent[], venue: Venue) => void = () => undefined,
): PlayedLog {
  const random = new RandomCommands(randomFrom(seed));
  const venue = new Venue(new MatchingCore(playedLimits));
  const facts = { isKnownParty: () => true, isEligible: () => true, earlier: null, tradeIdOf };
  const commands: (readonly ShardEvent[])[] = [];
  const opening = random.opening();
  for (let count = 0; count < commandCount; count += 1) {
    const { decision } = decide(opening.shift() ?? random.next(venue), venue, facts);
    const events = (decision.events ?? []).map(
      (event) => eventCodec.decode(eventCodec.encode(event)) as ShardEvent,
    );
    if (events.length > 0) commands.push(events);
    after(events, venue);
  }
  return { venue, commands };
}
