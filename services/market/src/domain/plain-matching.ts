import {
  decide,
  evolve,
  match,
  newExchange,
  type Exchange,
  type ExchangeCommand,
} from './exchange/index.js';
import type { MatchingPort, PartyStanding } from './matching-port.js';

/** The plain engine: decides by a pure function and folds what it decided, so memory is the fold of the log. */
export function plainMatching(exchange: Exchange = newExchange()): MatchingPort {
  return {
    partiesConcerned: (command, standings) => partiesConcerned(command, exchange, standings),
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
  standings: ReadonlyMap<string, PartyStanding>,
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
      // Parties not asked about yet count as eligible here: the walk goes on where one turns out not to be.
      const { encounters } = match(command, book, (partyId) => {
        const standing = standings.get(partyId);
        return standing === undefined || standing === 'eligible';
      });
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
