import type {
  CreditTokens,
  DepositCash,
  OrderTerms,
  PlaceOrder,
  RequestWithdrawal,
  ShardCommand,
  WithdrawCash,
} from './shard.commands.js';

/** A command that brings a new id into the log. */
export type NamingCommand =
  CreditTokens | DepositCash | PlaceOrder | RequestWithdrawal | WithdrawCash;

/**
 * What the id of a command stands for: an id names something only with its kind and with the party that chose it, so
 * nobody takes what is another's. Operators enter deposits of cash, so a deposit is named by its id alone. Null for
 * commands that name nothing or what is kept in memory.
 */
export function keyOf(command: ShardCommand): string | null {
  switch (command.kind) {
    case 'place-order':
    case 'cancel-order':
    case 'replace-order':
      return `order ${command.partyId} ${command.orderId}`;
    case 'deposit-cash':
      return `${command.kind} ${command.depositId}`;
    case 'withdraw-cash':
    case 'request-withdrawal':
      return `${command.kind} ${command.partyId} ${command.withdrawalId}`;
    case 'credit-tokens':
      return `${command.kind} ${command.partyId} ${command.seriesId} ${command.escrowId}`;
    case 'open-book':
    case 'complete-withdrawal':
    case 'revert-withdrawal':
    case 'mass-cancel':
    case 'set-kill-switch':
    case 'set-account-limit':
    case 'change-phase':
    case 'set-bands':
    case 'advance-time':
      return null;
  }
}

/** Whether the command brings the id that it names into the log. */
export function namesSomething(command: ShardCommand): command is NamingCommand {
  return (
    keyOf(command) !== null && command.kind !== 'cancel-order' && command.kind !== 'replace-order'
  );
}

/** What was asked for under the id, so that a repeat can be told from a second use. */
export function contentOf(command: NamingCommand): string {
  switch (command.kind) {
    case 'place-order':
      return contentOfOrder(command);
    case 'deposit-cash':
      return [command.partyId, command.currency, command.amount].join(' ');
    case 'withdraw-cash':
      return [command.currency, command.amount].join(' ');
    case 'request-withdrawal':
      return [command.seriesId, command.quantity].join(' ');
    case 'credit-tokens':
      return command.quantity.toString();
  }
}

function contentOfOrder(terms: OrderTerms): string {
  return [
    terms.seriesId,
    terms.side,
    terms.orderKind,
    terms.timeInForce,
    terms.priceTicks,
    terms.quantityLots,
    terms.quoteAmount ?? 0,
    terms.displayLots ?? 0,
    terms.stopPriceTicks ?? 0,
    terms.expiresAt ?? '',
    terms.selfTradePrevention ?? 'cancel_newest',
    terms.postOnly ?? '',
    terms.ocoOrderId ?? '',
    terms.clientOrderId ?? '',
  ].join(' ');
}
