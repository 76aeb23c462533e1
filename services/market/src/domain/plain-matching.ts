import {
  decide,
  evolve,
  match,
  newExchange,
  type Exchange,
  type ExchangeCommand,
} from './exchange/index.js';
import type { MatchingPort } from './matching-port.js';

/** The plain engine: decides by a pure function and folds what it decided, so memory is the fold of the log. */
export function plainMatching(exchange: Exchange = newExchange()): MatchingPort {
  return {
    partiesConcerned: (command, isEligible) => partiesConcerned(command, exchange, isEligible),
    execute: (command, facts) => {
      const decision = decide(command, exchange, facts);
      decision.events.forEach((event) => evolve(exchange, event));
      return decision;
    },
    replay: (event) => evolve(exchange, event),
  };
}

function partiesConcerned(
  command: ExchangeCommand,
  exchange: Exchange,
  isEligible: (partyId: string) => boolean,
): readonly string[] {
  switch (command.kind) {
    case 'withdraw-cash':
    case 'request-withdrawal':
      return [command.partyId];
    case 'place-order': {
      const book = exchange.books.get(command.seriesId);
      if (!book) {
        return [command.partyId];
      }
      const { encounters } = match(command, book, isEligible);
      return [command.partyId, ...encounters.map(({ maker }) => maker.partyId)];
    }
    case 'open-book':
    case 'deposit-cash':
    case 'credit-tokens':
    case 'complete-withdrawal':
    case 'revert-withdrawal':
    case 'cancel-order':
    case 'cancel-all-orders':
      return [];
  }
}
