import type { TimedStanding } from '@specie/eligibility';
import type { EarlierUse, Facts, ShardCommand } from './shard.commands.js';

/** Where the facts of the shard's commands come from. */
export interface FactSources {
  /** What the log already holds under the ids of these commands, by `keyOf`. */
  readonly earlierUses: (
    commands: readonly ShardCommand[],
  ) => Promise<ReadonlyMap<string, EarlierUse>>;
  /** How each of these parties stands at the instant `at`. */
  readonly partyStandings: (
    partyIds: readonly string[],
    at: string,
  ) => Promise<ReadonlyMap<string, TimedStanding>>;
  /** Changes with everything that standings rest on, but not with time. */
  readonly standingsMark: () => Promise<string>;
  readonly tradeIdOf: Facts['tradeIdOf'];
}
