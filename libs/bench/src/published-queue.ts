import { createRequire } from 'node:module';

const fixedMethods = ['scheduleCheckPendingRequests', 'scheduleRequestTimeoutCheck'];

/** Keeps the request queue of kafkajs in this process as it is published, whoever fixes it afterwards. */
export function keepPublishedQueue(): void {
  const load = createRequire(import.meta.resolve('@specie/event-bus'));
  const { prototype } = load('kafkajs/src/network/requestQueue') as {
    readonly prototype: Record<string, unknown>;
  };
  for (const method of fixedMethods) {
    const published = prototype[method];
    Object.defineProperty(prototype, method, { get: () => published, set: () => undefined });
  }
}
