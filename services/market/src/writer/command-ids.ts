import type { ExchangeCommand } from '../domain/exchange/index.js';

/** The ids a command would bring into the log, and the order a cancel asks about. */
export function idsNamedBy(command: ExchangeCommand): readonly string[] {
  switch (command.kind) {
    case 'place-order':
    case 'cancel-order':
      return [command.orderId];
    case 'deposit-cash':
      return [command.depositId];
    case 'credit-tokens':
      return [command.escrowId];
    case 'withdraw-cash':
    case 'request-withdrawal':
      return [command.withdrawalId];
    case 'open-book':
    case 'complete-withdrawal':
    case 'revert-withdrawal':
    case 'cancel-all-orders':
      return [];
  }
}
