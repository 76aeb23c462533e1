import { describe, expect, it } from 'vitest';
import {
  approveDiscard,
  discardAggregate,
  discardRejections,
  proposeDiscard,
  type ApproveDiscard,
  type Discard,
  type DiscardRejection,
} from './discard.decider.js';

const ada = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d51';
const bob = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d52';

const data: ApproveDiscard['data'] = {
  discardId: '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d53',
  source: 'market',
  streamId: 'shard-main',
  position: 7,
  partition: 2,
  kafkaOffset: '5',
  eventId: '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d54',
  eventType: 'market.withdrawal-requested',
  contentHash: 'ab'.repeat(32),
  reason: 'malformed',
  approvedBy: bob,
};
const command: ApproveDiscard = {
  type: 'issuance.input-discarded',
  data,
  event: { isFirst: true, proposal: { reason: 'malformed', proposedBy: ada } },
};
const open: Discard = { status: 'open' };
const discarded: Discard = { status: 'discarded', reason: 'malformed', approvedBy: bob };

const refusals = {
  already_discarded: [{ ...command, data: { ...data, approvedBy: ada } }, discarded],
  event_not_parked: [{ ...command, event: null }, open],
  not_first_of_stream: [
    { ...command, event: { isFirst: false, proposal: command.event?.proposal ?? null } },
    open,
  ],
  discard_not_proposed: [{ ...command, event: { isFirst: true, proposal: null } }, open],
  approver_is_proposer: [{ ...command, data: { ...data, approvedBy: ada } }, open],
} satisfies Record<DiscardRejection, readonly [ApproveDiscard, Discard]>;

describe('Discard', () => {
  it('records who proposed and who approved', () => {
    expect(approveDiscard(command, open)).toEqual({
      outcome: 'accepted',
      events: [{ type: 'issuance.input-discarded', data: { ...data, proposedBy: ada } }],
    });
  });

  it.each(discardRejections)('refuses an approval with %s', (code) => {
    const [given, state] = refusals[code];
    expect(approveDiscard(given, state)).toEqual({ outcome: 'rejected', violations: [{ code }] });
  });

  it('refuses an approval of another reason than the proposed one', () => {
    const other = { ...command, data: { ...data, reason: 'obsolete' as const } };
    expect(approveDiscard(other, open)).toMatchObject({
      violations: [{ code: 'discard_not_proposed' }],
    });
  });

  it('has nothing to do when the same operator approves again', () => {
    const [event] = approveDiscard(command, open).outcome === 'accepted' ? [command] : [];
    const state = discardAggregate.evolve(open, {
      type: 'issuance.input-discarded',
      data: { ...data, proposedBy: ada },
    });
    expect(event && approveDiscard(event, state)).toEqual({ outcome: 'accepted', events: [] });
  });

  it.each([
    ['already_discarded', command.event, discarded],
    ['event_not_parked', null, open],
    ['not_first_of_stream', { isFirst: false, proposal: null }, open],
  ] as const)('refuses a proposal with %s', (code, event, state) => {
    expect(proposeDiscard(event, state)).toEqual({ outcome: 'rejected', violations: [{ code }] });
  });
});
