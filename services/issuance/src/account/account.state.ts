import type {
  AccountOpened,
  HoldCaptured,
  HoldReleased,
  TokensHeld,
  TokensReceived,
  TokensSent,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';
import { subtract } from '@specie/quantities';
import type { AccountTerms } from './account.commands.js';
import { addLot, drawInOrder, takeDraws, totalOf, type Lot } from './lots.js';

export type AccountEvent =
  AccountOpened | TokensReceived | TokensSent | TokensHeld | HoldCaptured | HoldReleased;

/** What is left of the tokens set aside for a redemption, with the terms of the lots they came from. */
export interface Hold {
  readonly holdId: string;
  readonly lots: readonly Lot[];
  readonly expiresAt: string;
}

export type OpenAccount = AccountTerms & {
  readonly status: 'open';
  /** Available tokens, ordered by when they become free. */
  readonly lots: readonly Lot[];
  readonly holds: ReadonlyMap<string, Hold>;
};

export type Account = { readonly status: 'unopened' } | OpenAccount;

export const accountAggregate: Aggregate<Account, AccountEvent> = {
  initialState: () => ({ status: 'unopened' }),
  evolve,
};

export function accountStream(accountId: string): StreamRef<Account, AccountEvent> {
  return { streamId: streamIds.account(accountId), aggregate: accountAggregate };
}

function evolve(state: Account, event: AccountEvent): Account {
  if (event.type === 'issuance.account-opened') {
    assertPossible(state.status === 'unopened', 'an account is opened once');
    return { ...event.data, status: 'open', lots: [], holds: new Map() };
  }
  assertPossible(state.status === 'open', `${event.type} before the account was opened`);
  switch (event.type) {
    case 'issuance.tokens-received':
      return { ...state, lots: event.data.lots.reduce(addLot, state.lots) };
    case 'issuance.tokens-sent':
      return { ...state, lots: takeDraws(state.lots, event.data.draws) };
    case 'issuance.tokens-held': {
      const { holdId, draws, expiresAt } = event.data;
      const held = draws.map((draw) => ({ ...lotOf(state, draw.lotId), quantity: draw.quantity }));
      const holds = new Map(state.holds).set(holdId, { holdId, lots: held, expiresAt });
      return { ...state, lots: takeDraws(state.lots, draws), holds };
    }
    case 'issuance.hold-captured': {
      const hold = holdOf(state, event.data.holdId);
      const burned = drawInOrder(hold.lots, event.data.quantity);
      assertPossible(burned !== null, 'a capture exceeds its hold');
      const holds = new Map(state.holds).set(hold.holdId, {
        ...hold,
        lots: takeDraws(hold.lots, burned),
      });
      return { ...state, holds };
    }
    case 'issuance.hold-released': {
      const hold = holdOf(state, event.data.holdId);
      const unreleased = subtract(totalOf(hold.lots), event.data.quantity);
      assertPossible(unreleased === 0n, 'a release is all that is left of its hold');
      const holds = new Map(state.holds);
      holds.delete(hold.holdId);
      return { ...state, lots: hold.lots.reduce(addLot, state.lots), holds };
    }
    default:
      return assertNever(event);
  }
}

function lotOf(state: OpenAccount, lotId: string): Lot {
  const lot = state.lots.find((each) => each.lotId === lotId);
  assertPossible(lot !== undefined, 'a draw on an unknown lot');
  return lot;
}

function holdOf(state: OpenAccount, holdId: string): Hold {
  const hold = state.holds.get(holdId);
  assertPossible(hold !== undefined, 'an unknown hold');
  return hold;
}
