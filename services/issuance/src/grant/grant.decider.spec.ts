import { accept } from '@specie/event-sourcing';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  acme,
  filled,
  lotId,
  metadata,
  nordic,
  quantity,
  seriesId,
  tooMuch,
  unopened,
} from '../../test/account-story.js';
import type { Account } from '../account/account.state.js';
import { dayOf } from '../coverage/days.js';
import {
  grantAggregate,
  grantTokens,
  type GrantRefusal,
  type GrantTokens,
} from './grant.decider.js';

const treasury = filled(nordic);
const names = {
  grantId: '00000000-0000-4000-8000-0000000000d1',
  dealId: '00000000-0000-4000-8000-0000000000d2',
  trancheId: '00000000-0000-4000-8000-0000000000d3',
};
const command = (change: Partial<GrantTokens['data']> = {}): GrantTokens => ({
  data: {
    ...names,
    lotId,
    conflict: null,
    seriesId,
    fromPartyId: nordic.partyId,
    toPartyId: acme.partyId,
    tokens: quantity,
    lockupEndsAt: '2026-06-01T00:00:00.000Z',
    seriesProviderId: nordic.partyId,
    seriesWindowToOn: dayOf(metadata.now),
    from: nordic,
    to: acme,
    senderEligible: true,
    recipientEligible: true,
    ...change,
  },
  metadata,
});
const unanswered = grantAggregate.initialState();
const grant = (change: Partial<GrantTokens['data']> = {}, from: Account = treasury) =>
  grantTokens(command(change), { grant: unanswered, from, to: unopened });

describe('Grant', () => {
  it('moves the tokens and answers in one append', () => {
    const { events } = grant();
    expect(events.map(({ streamId, event }) => [streamId, event.type])).toEqual([
      [`account-${nordic.accountId}`, 'issuance.tokens-sent'],
      [`account-${acme.accountId}`, 'issuance.account-opened'],
      [`account-${acme.accountId}`, 'issuance.tokens-received'],
      [`grant-${names.grantId}`, 'issuance.tokens-granted'],
    ]);
    expect(events.at(-1)?.event.data).toEqual({
      ...names,
      seriesId,
      fromPartyId: nordic.partyId,
      toPartyId: acme.partyId,
      quantity,
    });
  });

  it('answers a tranche that is opened again after a refusal', () => {
    const refused = { status: 'refused' } as const;
    const { events } = grantTokens(command(), { grant: refused, from: treasury, to: unopened });
    expect(events.at(-1)?.event.type).toBe('issuance.tokens-granted');
  });

  it('grants a tranche once', () => {
    const granted = { status: 'granted' } as const;
    expect(grantTokens(command(), { grant: granted, from: treasury, to: unopened })).toEqual(
      accept(),
    );
    const answer = grant().events.at(-1)?.event;
    if (answer?.type !== 'issuance.tokens-granted') throw new Error('the grant was not answered');
    const state = grantAggregate.evolve(unanswered, answer);
    expect(() => grantAggregate.evolve(state, answer)).toThrow(/impossible history/);
  });

  const refusals = {
    movement_exists_differently: () => grant({ conflict: 'movement_exists_differently' }),
    conflicts_with_stored_state: () => grant({ conflict: 'conflicts_with_stored_state' }),
    series_unknown: () => grant({ seriesProviderId: null }),
    not_the_provider: () => grant({ seriesProviderId: acme.partyId }),
    days_over: () => grant({ seriesWindowToOn: '2026-02-28' }),
    party_ineligible: () => grant({ senderEligible: false }),
    recipient_ineligible: () => grant({ recipientEligible: false }),
    account_unknown: () => grant({}, unopened),
    same_account: () => grant({ to: nordic }),
    quantity_not_positive: () => grant({ tokens: microTokens(0n) }),
    insufficient_tokens: () => grant({ tokens: tooMuch }),
    lockup_active: () => grant({}, lockedUp(treasury)),
  } satisfies Record<GrantRefusal, () => ReturnType<typeof grantTokens>>;

  it.each(Object.entries(refusals))('records the refusal %s', (reason, decide) => {
    expect(decide()).toEqual(
      accept({
        streamId: `grant-${names.grantId}`,
        event: { type: 'issuance.grant-refused', data: { ...names, reason } },
      }),
    );
  });
});

function lockedUp(account: Account): Account {
  if (account.status === 'unopened') throw new Error('the treasury is open');
  return {
    ...account,
    lots: account.lots.map((lot) => ({ ...lot, lockupEndsAt: '2027-01-01T00:00:00.000Z' })),
  };
}
