import type { Memory } from '@specie/event-sourcing';
import type { ExchangeCommand, Facts } from './exchange.commands.js';
import type { ExchangeRejection } from './exchange.decider.js';
import type { ExchangeEvent } from './exchange.state.js';

/**
 * The engine behind the market's single writer. It lives in memory, is rebuilt from the shard's events, and says what
 * a command does in those same events; which data structures it uses is its own affair.
 */
export interface MatchingPort extends Memory<
  ExchangeCommand,
  Facts,
  ExchangeEvent,
  ExchangeRejection
> {
  /**
   * Every party whose eligibility can decide what any of these commands does, if they run one after another from now.
   * Called again with what was learned until it names nobody new; parties that were not asked about count as eligible,
   * so that the walk through a book goes on where one turns out not to be.
   */
  partiesConcerned(
    commands: readonly ExchangeCommand[],
    isEligible: (partyId: string) => boolean,
  ): ReadonlySet<string>;
}

/** Makes an empty engine; memory that cannot be trusted is thrown away whole. */
export type NewMatching = () => MatchingPort;
