/**
 * The hold of a redemption: tokens of the redeemer are set aside before any GPU time is used.
 *
 * H1: Every request is answered once: held, or refused with a reason.
 * H2: Only what the series delivers is held: one of its SKUs, until a time inside its delivery window and not beyond.
 * H3 (S6): A hold is captured, released or open, and nothing else.
 */
import type { HoldRefused } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  accept,
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
import type { GpuSku, MicroTokens } from '@specie/quantities';
import { drawForHold } from '../account/account.decider.js';
import { accountStream, type Account, type AccountEvent } from '../account/account.state.js';
import { dayOf } from '../coverage/days.js';

/** The hold stream records refusals only: what is held is a fact of the account. */
export interface HoldAnswer {
  readonly status: 'unanswered' | 'refused';
}

export const holdAggregate: Aggregate<HoldAnswer, HoldRefused> = {
  initialState: () => ({ status: 'unanswered' }),
  evolve: (state) => {
    assertPossible(state.status === 'unanswered', 'a hold is refused once');
    return { status: 'refused' };
  },
};

export function holdStream(holdId: string): StreamRef<HoldAnswer, HoldRefused> {
  return { streamId: streamIds.hold(holdId), aggregate: holdAggregate };
}

/** In the order in which they are checked. */
export const holdRefusals = [
  'hold_exists_differently',
  'conflicts_with_stored_state',
  'series_unknown',
  'account_unknown',
  'party_ineligible',
  'sku_not_in_series',
  'hold_expired',
  'outside_delivery_window',
  'quantity_not_positive',
  'insufficient_tokens',
] as const;
export type HoldRefusal = (typeof holdRefusals)[number];

export type HoldConflict = 'hold_exists_differently' | 'conflicts_with_stored_state';

/** What the constraint that an answer met says against it, as of a movement. */
export function holdConflictOf(constraint: string | null): HoldConflict | null {
  if (constraint === null) return null;
  return constraint === 'token_holds_once'
    ? 'hold_exists_differently'
    : 'conflicts_with_stored_state';
}

export interface HoldTokens {
  readonly data: {
    readonly holdId: string;
    /** What the tables hold against this hold. */
    readonly conflict: HoldConflict | null;
    readonly seriesId: string;
    readonly partyId: string;
    readonly sku: GpuSku;
    readonly quantity: MicroTokens;
    readonly expiresAt: string;
    /** Null if there is no such series. */
    readonly series: {
      readonly skus: readonly string[];
      readonly windowFromOn: string;
      readonly windowToOn: string;
    } | null;
    /** May the party `redeem`? */
    readonly eligible: boolean;
  };
  readonly metadata: CommandMetadata;
}

export function holdTokens(
  command: HoldTokens,
  states: { readonly account: Account; readonly hold: HoldAnswer },
): Accepted<Placed<AccountEvent | HoldRefused>> {
  const { holdId, seriesId, partyId } = command.data;
  const { account, hold } = states;
  const held = account.status === 'open' && account.holds.has(holdId);
  if (hold.status === 'refused' || held) return accept();
  const decision = holdOn(command, account);
  if (decision.outcome === 'rejected') {
    const data = { holdId, seriesId, partyId, reason: codeOf(decision) };
    return accept(place(holdStream(holdId), { type: 'issuance.hold-refused', data }));
  }
  return decision;
}

function holdOn(
  { data, metadata }: HoldTokens,
  account: Account,
): Decision<Placed<AccountEvent>, HoldRefusal> {
  const { holdId, seriesId, partyId, sku, quantity, expiresAt, series, eligible } = data;
  if (data.conflict) return reject(data.conflict);
  if (!series) return reject('series_unknown');
  if (account.status === 'unopened') return reject('account_unknown');
  if (!eligible) return reject('party_ineligible');
  if (!series.skus.includes(sku)) return reject('sku_not_in_series');
  if (Date.parse(expiresAt) <= Date.parse(metadata.now)) return reject('hold_expired');
  const { windowFromOn, windowToOn } = series;
  const lastOn = lastDayBefore(expiresAt);
  if (windowToOn < dayOf(metadata.now) || lastOn < windowFromOn || windowToOn < lastOn) {
    return reject('outside_delivery_window');
  }
  if (quantity <= 0n) return reject('quantity_not_positive');
  const draws = drawForHold(account, quantity);
  if (!draws) return reject('insufficient_tokens');
  const { accountId } = account;
  return accept(
    place(accountStream(accountId), {
      type: 'issuance.tokens-held',
      data: { accountId, seriesId, partyId, holdId, quantity, draws: [...draws], expiresAt },
    }),
  );
}

/** The day of the last moment before an instant: what expires at midnight is not used on the day that begins. */
function lastDayBefore(instant: string): string {
  return dayOf(new Date(Date.parse(instant) - 1).toISOString());
}
