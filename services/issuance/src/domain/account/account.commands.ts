import type { CommandMetadata } from '@specie/event-sourcing';
import type { MicroTokens } from '@specie/quantities';
import type { AccountOpened, TokensSent } from '@specie/contracts';

/** Whose account it is; recorded when the account is first used. */
export type AccountTerms = AccountOpened['data'];

export interface MoveTokens {
  readonly data: {
    readonly movementId: string;
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
    readonly transferable: boolean;
    readonly senderEligible: boolean;
    readonly recipientEligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

export interface DepositToEscrow {
  readonly data: Omit<MoveTokens['data'], 'movement' | 'lockupEndsAt'> & {
    readonly transferable: boolean;
    readonly senderEligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

export interface ReceiveMint {
  readonly data: {
    readonly mintId: string;
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
