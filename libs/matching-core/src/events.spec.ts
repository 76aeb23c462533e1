import { describe, expect, it } from 'vitest';
import { EventCode } from './codes.js';
import { EVENT_WIDTH_MAX } from './fields.js';
import { EventBuffer } from './events.js';

const SMALLEST = EVENT_WIDTH_MAX;
const AMPLE = 4_096;
const TIMES = Array.from({ length: 100 }, (_, i) => 1_000 + i);

function tell(buffer: EventBuffer, times: readonly number[]): EventBuffer {
  for (const time of times) buffer.emit(EventCode.time, time);
  return buffer;
}

describe('EventBuffer', () => {
  it('keeps what is unread, and its hash, when it grows', () => {
    const grown = tell(new EventBuffer(SMALLEST), TIMES);
    const ample = tell(new EventBuffer(AMPLE), TIMES);
    expect(grown.values.length).toBeGreaterThan(SMALLEST);
    expect(grown.values.slice(0, grown.length)).toEqual(ample.values.slice(0, ample.length));
    expect(grown.stateHash().toString()).toBe(ample.stateHash().toString());
  });

  it('hashes what is told once, whether it is asked before, between or after', () => {
    const buffer = new EventBuffer(AMPLE);
    const start = buffer.stateHash().toString();
    tell(buffer, TIMES.slice(0, 3)).stateHash();
    tell(buffer, TIMES.slice(3)).clear();
    const hash = buffer.stateHash().toString();
    expect(hash).not.toBe(start);
    expect(tell(new EventBuffer(AMPLE), TIMES).stateHash().toString()).toBe(hash);
    buffer.clear();
    expect(buffer.stateHash().toString()).toBe(hash);
  });

  it('leaves refusals out of the hash, wherever they stand', () => {
    const buffer = new EventBuffer(AMPLE);
    for (const time of TIMES) {
      buffer.rejected(0, 1, 2, 3);
      tell(buffer, [time]);
      buffer.rejected(0, 1, 2, 3);
    }
    expect(buffer.stateHash().toString()).toBe(
      tell(new EventBuffer(AMPLE), TIMES).stateHash().toString(),
    );
    expect(buffer.length).toBe(TIMES.length * (2 + 2 * 5));
  });
});
