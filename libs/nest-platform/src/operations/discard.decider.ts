import type { DiscardReason, InputDiscardedData } from '@specie/contracts';
import {
  accept,
  assertPossible,
  reject,
  type Aggregate,
  type Decision,
} from '@specie/event-sourcing';

/**
 * Taking one event of another service out of what this service handles.
 *
 * D1: Two persons decide: one proposes with a reason, another one approves that very proposal.
 * D2: Only the event that holds up its stream is discarded: nobody can know what becomes of those behind it.
 * D3: An event is discarded once, and the log of this service keeps the record.
 */

/** In check order. */
export const discardRejections = [
  'already_discarded',
  'event_not_parked',
  'not_first_of_stream',
  'discard_not_proposed',
  'approver_is_proposer',
] as const;
export type DiscardRejection = (typeof discardRejections)[number];
export type ProposeRejection = Extract<
  DiscardRejection,
  'already_discarded' | 'event_not_parked' | 'not_first_of_stream'
>;

export interface InputDiscarded {
  readonly type: `${string}.input-discarded`;
  readonly data: InputDiscardedData;
}

export type Discard =
  | { readonly status: 'open' }
  | { readonly status: 'discarded'; readonly reason: DiscardReason; readonly approvedBy: string };

export const discardAggregate: Aggregate<Discard, InputDiscarded> = {
  initialState: () => ({ status: 'open' }),
  evolve: (state, { data }) => {
    assertPossible(state.status === 'open', 'an event is discarded once');
    return { status: 'discarded', reason: data.reason, approvedBy: data.approvedBy };
  },
};

/** The parked event as the operators see it; null when nothing is parked at that place. */
export interface DiscardableEvent {
  readonly isFirst: boolean;
  readonly proposal: { readonly reason: DiscardReason; readonly proposedBy: string } | null;
}

export function proposeDiscard(
  event: DiscardableEvent | null,
  state: Discard,
): Decision<never, ProposeRejection> {
  if (state.status === 'discarded') return reject('already_discarded');
  if (event === null) return reject('event_not_parked');
  return event.isFirst ? accept() : reject('not_first_of_stream');
}

export interface ApproveDiscard {
  readonly type: InputDiscarded['type'];
  /** What is discarded, and for which reason the approver takes the proposal to be. */
  readonly data: Omit<InputDiscardedData, 'proposedBy'>;
  readonly event: DiscardableEvent | null;
}

export function approveDiscard(
  { type, data, event }: ApproveDiscard,
  state: Discard,
): Decision<InputDiscarded, DiscardRejection> {
  if (state.status === 'discarded') {
    const isRepeat = state.approvedBy === data.approvedBy && state.reason === data.reason;
    return isRepeat ? accept() : reject('already_discarded');
  }
  if (event === null) return reject('event_not_parked');
  if (!event.isFirst) return reject('not_first_of_stream');
  if (event.proposal?.reason !== data.reason) return reject('discard_not_proposed');
  const { proposedBy } = event.proposal;
  if (proposedBy === data.approvedBy) return reject('approver_is_proposer');
  return accept({ type, data: { ...data, proposedBy } });
}
