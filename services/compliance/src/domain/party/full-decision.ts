import type { Accepted, Rejected } from '@specie/event-sourcing';
import type { PartyEvent } from './party.decider.js';

/** A refusal that says everything there is to fix. */
export interface RefusedWithAll<R extends string> extends Rejected<R> {
  readonly violations: readonly R[];
}
export type FullDecision<R extends string> = Accepted<PartyEvent> | RefusedWithAll<R>;

export function refuse<R extends string>(violations: readonly R[]): RefusedWithAll<R> {
  const [code] = violations;
  if (code === undefined) {
    throw new Error('a refusal without a violation');
  }
  return { outcome: 'rejected', code, violations };
}
