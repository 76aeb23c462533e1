import type { ExchangeCommand, ExchangeDecision, ExchangeEvent, Facts } from './exchange/index.js';

/**
 * The engine behind the market's single writer. It lives in memory, is rebuilt from the shard's events, and says what
 * a command does in those same events; which data structures it uses is its own affair.
 */
export interface MatchingPort {
  /**
   * The parties whose eligibility decides what the command does, as far as it is known which; called again with
   * what was found out until it names nobody new. Parties that were not asked about count as eligible: the walk
   * through the book goes on where one turns out not to be.
   */
  partiesConcerned(
    command: ExchangeCommand,
    isEligible: (partyId: string) => boolean,
  ): readonly string[];
  /** Decides the command and applies its events to memory; nothing is durable yet. */
  execute(command: ExchangeCommand, facts: Facts): ExchangeDecision;
  /** Applies a recorded event: how memory is rebuilt from the log. */
  replay(event: ExchangeEvent): void;
}

/** Makes an empty engine; memory that cannot be trusted is thrown away whole. */
export type NewMatching = () => MatchingPort;
