import { createRequire } from 'node:module';

/** What the fixed methods use of kafkajs's request queue. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, InflightRequest>;
  readonly enforceRequestTimeout: boolean;
  readonly requestTimeout: number;
  requestTimeoutIntervalId: NodeJS.Timeout | null;
  isConnected(): boolean;
  destroy(): void;
  scheduleRequestTimeoutCheck(): void;
  /** Milliseconds since the epoch; -1 before the first throttling. */
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

interface InflightRequest {
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

export interface RequestQueueClass {
  readonly prototype: RequestQueue;
}

/** The release whose source this was written against. */
export const fixedVersion = '2.2.4';
const checkEveryMs = 10;
/** Timeouts are 30 s: a second more does not matter. */
const timeoutCheckEveryMs = 1_000;

/**
 * kafkajs 2.2.4 re-arms the timer of its request queue whenever it fires, also when no request waits, and
 * with a negative delay, which Node takes as 1 ms: every connection wakes its process 1,000 times a second
 * (upstream issues 1556, 1604, 1704, 1751). Here it is armed only while requests wait: until the broker's
 * throttling ends, else for a short while, since the throttling may have ended between two looks at the clock.
 */
export function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) {
    return;
  }
  const throttledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : checkEveryMs,
  );
}

/**
 * kafkajs looks for requests that took too long 10 times a second on every connection, and a service has
 * seven or more: once a second does.
 */
export function scheduleRequestTimeoutCheck(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) {
    return;
  }
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(
    () => {
      for (const request of this.inflight.values()) {
        if (Date.now() - request.sentAt > request.requestTimeout) {
          request.timeoutRequest();
        }
      }
      if (!this.isConnected()) {
        this.destroy();
      }
    },
    Math.min(this.requestTimeout, timeoutCheckEveryMs),
  );
}

/** @throws Error when `version` is another one: its queue must be looked at before this is put into it. */
export function fix(queue: RequestQueueClass, version: string): void {
  if (version !== fixedVersion) {
    throw new Error(
      `kafkajs is ${version}, but libs/event-bus/src/kafka/request-queue.ts was written for ${fixedVersion}: ` +
        'check whether its RequestQueue still arms a timer without pending requests, then adapt or remove the file',
    );
  }
  queue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
  queue.prototype.scheduleRequestTimeoutCheck = scheduleRequestTimeoutCheck;
}

let isFixed = false;

/** Puts the fixed methods into the kafkajs of this process, once; every `kafkaClient` calls it. */
export function fixRequestQueue(): void {
  if (isFixed) {
    return;
  }
  const load = createRequire(import.meta.url);
  const { version } = load('kafkajs/package.json') as { readonly version: string };
  fix(load('kafkajs/src/network/requestQueue') as RequestQueueClass, version);
  isFixed = true;
}
