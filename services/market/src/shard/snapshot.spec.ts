import { SnapshotError } from '@specie/matching-core';
import { randomFrom, seedOr } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import { playedLog } from '../../test/played-log.js';
import { buy, Story, tokens, tradeIdOf, venue } from '../../test/shard-story.js';
import { stateOf } from '../../test/shard-state.js';
import { ShardEngine } from './shard-engine.js';
import { readSnapshot, writeSnapshot } from './snapshot.js';
import { Venue } from './venue.js';

const seed = seedOr(20_261_128);
const placeCount = 200;

describe('A snapshot of the shard', () => {
  const { venue: played } = playedLog(seed, 600);
  const bytes = writeSnapshot(played);
  const stateIn = (snapshot: Uint8Array) => stateOf(new ShardEngine(tradeIdOf, snapshot));

  it('gives the same venue, and equal venues give equal bytes', () => {
    expect(played.orders.size).toBeGreaterThan(0);
    const read = readSnapshot(bytes);
    expect(stateIn(writeSnapshot(read))).toEqual(stateIn(bytes));
    expect(writeSnapshot(read)).toEqual(bytes);
    expect(read.core.stateHash()).toBe(played.core.stateHash());
  });

  it('is read from the middle of a buffer', () => {
    const padded = Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(5)]);
    const read = readSnapshot(padded.subarray(3, 3 + bytes.length));
    expect(writeSnapshot(read)).toEqual(bytes);
  });

  it('keeps tokens of a series without a book, and forgets what is empty', () => {
    const [openBook, ...others] = venue;
    const story = new Story([tokens(8, buy(1).partyId, 7n), ...others]);
    const snapshot = writeSnapshot(story.venue);
    const resumed = new Story([]);
    expect(readSnapshot(snapshot).remainders.all()).toEqual(story.venue.remainders.all());
    expect(resumed.venue.remainders.all()).toEqual([]);
    if (openBook) story.when(openBook);
    expect(story.venue.remainders.all()).toEqual([[buy(1).seriesId, buy(1).partyId, 7n]]);
  });

  it.each([0, 1, 3, 4, 5, 200])('is refused when %i of its bytes are there', (length) => {
    expect(() => readSnapshot(bytes.subarray(0, length))).toThrow(SnapshotError);
  });

  it(`is refused with a flipped bit, or cut, at ${placeCount} random places, SEED=${seed}`, () => {
    const random = randomFrom(seed);
    for (let count = 0; count < placeCount; count += 1) {
      const place = random(bytes.length);
      const flipped = Uint8Array.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << random(8));
      expect(() => readSnapshot(flipped), `a bit of byte ${place}`).toThrow(SnapshotError);
      expect(() => readSnapshot(bytes.subarray(0, place)), `cut at ${place}`).toThrow(
        SnapshotError,
      );
    }
  });

  it('of an empty venue is an empty venue', () => {
    expect(writeSnapshot(readSnapshot(writeSnapshot(new Venue())))).toEqual(
      writeSnapshot(new Venue()),
    );
  });
});
