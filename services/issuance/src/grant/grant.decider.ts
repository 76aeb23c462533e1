/**
 * The grant of a deal tranche: tokens go from the treasury of the provider to the startup.
 *
 * G1: A tranche is granted at most once, however often it is opened.
 * G2: Every opening is answered: granted, or refused with a reason. A refusal leaves the tranche open to another.
 * G3: Only the provider of the series grants its tokens, from its treasury, and not after they were last delivered.
 */
import type { GrantRefused, TokensGranted, TrancheOpened } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  accept,
  assertNever,
  assertPossible,
  codeOf,
  place,
  reject,
  type Accepted,
  type Aggregate,
  type CommandMetadata,
  type Decision,
  type Placed,
  type StreamRef,
} from '@specie/event-sourcing';
import { type AccountTerms, type MovementConflict } from '../account/account.commands.js';
import {
  moveTokens,
  type BothAccounts,
  type MovementRejection,
} from '../account/account.decider.js';
import type { AccountEvent } from '../account/account.state.js';
import { dayOf } from '../coverage/days.js';

export type GrantEvent = TokensGranted | GrantRefused;
export interface Grant {
  readonly status: 'unanswered' | 'refused' | 'granted';
}

export const grantAggregate: Aggregate<Grant, GrantEvent> = {
  initialState: () => ({ status: 'unanswered' }),
  evolve: (state, event) => {
    assertPossible(state.status !== 'granted', `${event.type} after the grant`);
    switch (event.type) {
      case 'issuance.tokens-granted':
        return { status: 'granted' };
      case 'issuance.grant-refused':
        return { status: 'refused' };
      default:
        return assertNever(event);
    }
  },
};

export function grantStream(grantId: string): StreamRef<Grant, GrantEvent> {
  return { streamId: streamIds.grant(grantId), aggregate: grantAggregate };
}

/** In the order in which they are checked, before those of the movement itself. */
export const grantRefusals = [
  'movement_exists_differently',
  'conflicts_with_stored_state',
  'series_unknown',
  'not_the_provider',
  'days_over',
  'party_ineligible',
  'recipient_ineligible',
] as const;
export type GrantRefusal = (typeof grantRefusals)[number] | MovementRejection;

export interface GrantTokens {
  readonly data: TrancheOpened['data'] & {
    readonly grantId: string;
    readonly lotId: string;
    readonly conflict: MovementConflict | null;
    /** The provider of the series; null if there is no such series. */
    readonly seriesProviderId: string | null;
    /** The last day of its delivery window. */
    readonly seriesWindowToOn: string | null;
    readonly from: AccountTerms;
    readonly to: AccountTerms;
    /** May the provider `issue`, may the startup take a `grant`? */
    readonly senderEligible: boolean;
    readonly recipientEligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

export function grantTokens(
  command: GrantTokens,
  states: BothAccounts & { readonly grant: Grant },
): Accepted<Placed<GrantEvent | AccountEvent>> {
  if (states.grant.status === 'granted') return accept();
  const { grantId, dealId, trancheId, seriesId, fromPartyId, toPartyId, tokens } = command.data;
  const moved = move(command, states);
  if (moved.outcome === 'rejected') {
    const data = { grantId, dealId, trancheId, reason: codeOf(moved) };
    return accept(place(grantStream(grantId), { type: 'issuance.grant-refused', data }));
  }
  const data = { grantId, dealId, trancheId, seriesId, fromPartyId, toPartyId, quantity: tokens };
  return accept<Placed<GrantEvent | AccountEvent>>(
    ...moved.events,
    place(grantStream(grantId), { type: 'issuance.tokens-granted', data }),
  );
}

function move(
  { data, metadata }: GrantTokens,
  accounts: BothAccounts,
): Decision<Placed<AccountEvent>, GrantRefusal> {
  const { grantId, lotId, seriesProviderId, seriesWindowToOn, fromPartyId } = data;
  const { from, to, tokens, lockupEndsAt } = data;
  if (data.conflict) return reject(data.conflict);
  if (seriesProviderId === null || seriesWindowToOn === null) return reject('series_unknown');
  if (seriesProviderId !== fromPartyId) return reject('not_the_provider');
  // Shares would be issued for tokens that nobody delivers any more.
  if (seriesWindowToOn < dayOf(metadata.now)) return reject('days_over');
  if (!data.senderEligible) return reject('party_ineligible');
  if (!data.recipientEligible) return reject('recipient_ineligible');
  return moveTokens(
    {
      data: {
        movementId: grantId,
        lotId,
        movement: 'grant',
        quantity: tokens,
        from,
        to,
        lockupEndsAt,
      },
      metadata,
    },
    accounts,
  );
}
