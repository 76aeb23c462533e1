import type { CommandMetadata, ViolationDetails } from '@specie/event-sourcing';
import type { MicroTokens } from '@specie/quantities';
import type { AccountOpened, TokensReceived, TokensSent } from '@specie/contracts';

/** Whose account it is; recorded when the account is first used. */
export type AccountTerms = AccountOpened['data'];

export type MovementKind = TokensReceived['data']['movement'];

/** What the statement of an account knows of a movement, to tell a repeat from a second use of its id. */
export interface EarlierMovement {
  readonly counterPartyId: string;
  readonly quantity: bigint;
}

/** What the tables hold against a movement that answers another service's request. */
export type MovementConflict = 'movement_exists_differently' | 'conflicts_with_stored_state';

/** What the constraint that an answer met says against it: one request ends refused, instead of holding up its stream. */
export function movementConflictOf(constraint: string | null): MovementConflict | null {
  if (constraint === null) return null;
  return constraint === 'token_movements_once'
    ? 'movement_exists_differently'
    : 'conflicts_with_stored_state';
}

export interface MoveTokens {
  readonly data: {
    readonly movementId: string;
    /** Names the lot in the receiving account; no id that a client chooses can be one. */
    readonly lotId: string;
    readonly movement: TokensSent['data']['movement'];
    readonly quantity: MicroTokens;
    readonly from: AccountTerms;
    readonly to: AccountTerms;
    /** Until when the receiver may not pass the tokens on. */
    readonly lockupEndsAt: string | null;
  };
  readonly metadata: CommandMetadata;
}

export interface TransferTokens {
  readonly data: Omit<MoveTokens['data'], 'movement' | 'lockupEndsAt'> & {
    /** The transfer that has this id already. */
    readonly earlier: EarlierMovement | null;
    readonly transferable: boolean;
    readonly senderEligible: boolean;
    readonly senderIneligibility?: ViolationDetails;
    readonly recipientEligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

export interface DepositToEscrow {
  readonly data: Omit<MoveTokens['data'], 'movement' | 'lockupEndsAt'> & {
    /** The escrow deposit that has this id already. */
    readonly earlier: EarlierMovement | null;
    readonly transferable: boolean;
    readonly senderEligible: boolean;
    readonly senderIneligibility?: ViolationDetails;
  };
  readonly metadata: CommandMetadata;
}

export interface ReceiveMint {
  readonly data: {
    readonly mintId: string;
    readonly lotId: string;
    readonly quantity: MicroTokens;
    readonly treasury: AccountTerms;
  };
}

export interface CaptureHold {
  readonly data: {
    readonly holdId: string;
    readonly captureId: string;
    readonly quantity: MicroTokens;
  };
}

export interface ReleaseHold {
  readonly data: { readonly holdId: string };
}
