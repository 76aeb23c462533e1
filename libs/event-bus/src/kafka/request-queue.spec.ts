import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fix, fixedVersion, fixRequestQueue, type RequestQueue } from './request-queue.js';

interface Pushed {
  readonly entry: { readonly correlationId: number };
  readonly expectResponse: boolean;
  readonly sendRequest: () => void;
}

interface RealQueue extends RequestQueue {
  push(request: Pushed): void;
  fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(milliseconds: number): void;
}

const load = createRequire(import.meta.url);
const queueClass = load('kafkajs/src/network/requestQueue') as {
  new (options: object): RealQueue;
  readonly prototype: RequestQueue;
};
const logger = { debug: () => undefined, warn: () => undefined };

describe("kafkajs's request queue", () => {
  let queue: RealQueue;
  let sent: number[];

  beforeEach(() => {
    fixRequestQueue();
    vi.useFakeTimers();
    queue = new queueClass({
      maxInFlightRequests: 1,
      requestTimeout: 30_000,
      enforceRequestTimeout: false,
      clientId: 'test',
      broker: 'test:9092',
      logger,
    });
    sent = [];
  });
  afterEach(() => {
    queue.destroy();
    vi.useRealTimers();
  });

  const push = (correlationId: number): void =>
    queue.push({
      entry: {
        correlationId,
        resolve: () => undefined,
        reject: () => undefined,
      } as Pushed['entry'],
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  const answer = (correlationId: number): void =>
    queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });

  it('arms no timer when no request waits', () => {
    push(1);
    expect(vi.getTimerCount()).toBe(0);
    answer(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('arms one while a request waits, and none after it was sent', () => {
    push(1);
    push(2);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([1]);
    answer(1);
    expect(sent).toEqual([1, 2]);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits until the throttling of the broker ends, and then sends', () => {
    queue.maybeThrottle(500);
    push(1);
    vi.advanceTimersByTime(499);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual([1]);
    answer(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends a request that waits although the throttling is over', () => {
    queue.maybeThrottle(1);
    // The clock moves between the check and the scheduling; the request notes it first.
    const now = Date.now();
    vi.spyOn(Date, 'now')
      .mockReturnValueOnce(now)
      .mockReturnValueOnce(now)

      .mockReturnValue(now + 1);
    push(1);
    expect(sent).toEqual([]);
    vi.mocked(Date.now).mockRestore();
    vi.advanceTimersByTime(10);
    expect(sent).toEqual([1]);
  });

  it('looks for requests that took too long once a second, and ends them', () => {
    const isConnected = vi.fn(() => true);
    queue = new queueClass({
      maxInFlightRequests: 1,
      requestTimeout: 30_000,
      enforceRequestTimeout: true,
      clientId: 'test',
      broker: 'test:9092',
      logger,
      isConnected,
    });
    queue.scheduleRequestTimeoutCheck();
    const reject = vi.fn();
    queue.push({
      entry: { correlationId: 1, resolve: () => undefined, reject } as Pushed['entry'],
      expectResponse: true,
      sendRequest: () => undefined,
    });
    vi.advanceTimersByTime(30_000);
    expect(isConnected).toHaveBeenCalledTimes(30);
    expect(reject).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(reject).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ name: 'KafkaJSRequestTimeoutError' }),
    );
    isConnected.mockReturnValue(false);
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is fixed in the very release it was looked at, and no other', () => {
    expect((load('kafkajs/package.json') as { readonly version: string }).version).toBe(
      fixedVersion,
    );
    expect(() => fix(queueClass, '2.2.5')).toThrow('kafkajs is 2.2.5');
  });
});
