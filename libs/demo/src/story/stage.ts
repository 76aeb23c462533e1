import type { ApiClient } from '../api-client.js';
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
