import type { InvariantName } from '../src/index.js';
import { series } from './story-parts.js';
import type { Story } from './story.js';

/** A fault of a service: what it does to the logs, and what a report must say about it. */
export interface Loss {
  readonly invariant: InvariantName;
  /** Service, account and movement that the report must name. */
  readonly names: readonly string[];
  readonly plant: (story: Story) => void;
}

export function tradingAccount(partyId: string): string {
  return `${series}/${partyId}`;
}
