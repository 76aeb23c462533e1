import { describe, expect, it } from 'vitest';
import { Encoder, Message, MessageStream } from './message-stream.js';

function streamOf(changeCounts: readonly number[]): MessageStream {
  const encoder = new Encoder();
  const stream = new MessageStream(100, 10);
  for (const count of changeCounts) {
    stream.publish(count, (sequence) => new Message(encoder, { sequence }));
  }
  return stream;
}
const numbers = (stream: MessageStream, from: number): readonly number[] | undefined =>
  stream.since(from)?.map(({ sequence }) => sequence);

describe('The messages of a channel', () => {
  it('are numbered without gaps, and given to who has the ones before', () => {
    const stream = streamOf([1, 1, 1]);
    expect(stream.sequence).toBe(103);
    expect(numbers(stream, 100)).toEqual([101, 102, 103]);
    expect(numbers(stream, 102)).toEqual([103]);
    expect(numbers(stream, 103)).toEqual([]);
  });

  it.each([99, 104, 0])('are not those of another stream: %i is not resumed', (from) => {
    expect(streamOf([1, 1, 1]).since(from)).toBeNull();
  });

  it('are forgotten by the changes in them', () => {
    const stream = streamOf([4, 4, 4]);
    expect(stream.since(100)).toBeNull();
    expect(numbers(stream, 101)).toEqual([102, 103]);
    const large = streamOf([1, 1, 11]);
    expect(large.since(102)).toBeNull();
    expect(numbers(large, 103)).toEqual([]);
  });

  it('stay bounded, and right, over many of them', () => {
    const stream = streamOf(Array.from({ length: 5_000 }, (_, index) => 1 + (index % 3)));
    const oldest = [...Array(20).keys()].find(
      (back) => stream.since(stream.sequence - back) === null,
    );
    expect(oldest).toBe(6);
    expect(numbers(stream, stream.sequence - 3)).toEqual([5_098, 5_099, 5_100]);
  });
});
