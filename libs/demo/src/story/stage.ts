import type { ServiceName } from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';
import { type Actor, type ApiClient, ApiProblem, type Json } from '../api-client.js';
import type { Cast } from './cast.js';
import type { Usage } from './usage.js';

/** What every part of the story works with. */
export interface Stage {
  readonly api: ApiClient;
  readonly cast: Cast;
  readonly usage: Usage;
  /** Shown to whoever watches. */
  readonly say: (line: string) => void;
}

/** A calendar day (UTC) some days from today. */
export function dayFromToday(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Runs tasks with at most `width` at a time, in order of start. @throws the first failure. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await task(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}

const admissionPatienceMs = 120_000;

/**
 * A write that a service refuses until it has heard that the parties are eligible, or that the series is
 * there: events take a moment to arrive. A refusal is final for its key, so each attempt is a new request.
 */
export async function postOnceKnown(
  api: ApiClient,
  request: {
    readonly actor: Actor;
    readonly service: ServiceName;
    readonly path: string;
    readonly body?: Json;
  },
): Promise<Json> {
  const deadline = Date.now() + admissionPatienceMs;
  for (;;) {
    try {
      return await api.post(request.actor, request.service, request.path, request.body ?? {});
    } catch (error) {
      const early = error instanceof ApiProblem && /ineligible|_unknown$/.test(error.code);
      if (!early || Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
