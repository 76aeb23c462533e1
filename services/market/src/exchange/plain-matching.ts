import { decide } from './exchange.decider.js';
import { evolve, newExchange, type Exchange } from './exchange.state.js';
import type { MatchingPort } from './matching-port.js';
import { partiesConcerned } from './parties-concerned.js';

/** The plain engine: decides by a pure function and folds what it decided, so memory is the fold of the log. */
export function plainMatching(exchange: Exchange = newExchange()): MatchingPort {
  return {
    partiesConcerned: (commands, isEligible) => partiesConcerned(commands, exchange, isEligible),
    preview: (command, facts) => decide(command, exchange, facts),
    execute: (command, facts) => {
      const decision = decide(command, exchange, facts);
      decision.events?.forEach((event) => evolve(exchange, event));
      return decision;
    },
    replay: ({ events }) => events.forEach((event) => evolve(exchange, event)),
  };
}
