import type { InvariantName } from '../../src/index.js';
import type { StoryCommand } from '../log-writer.js';

/** A log of which one event is not true, and what the audit must say. */
export interface Forgery {
  /** A sound log. */
  readonly log: () => StoryCommand[];
  readonly plant: (log: StoryCommand[]) => void;
  readonly finding: readonly [InvariantName, says: string];
}
export type Forgeries = Readonly<Record<string, Forgery>>;

export const [accepted, cancelled, executed] = [
  'market.order-accepted',
  'market.order-cancelled',
  'market.trade-executed',
] as const;
