import { movementAt, Movements } from '../hand-overs.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService } from '../wire-events.js';
import { movementKey } from './fold.js';
import type { MovementPairs } from './movement-pairs.js';

type Event = EventOfService<'issuance'>;

/** What the issuer answers to other services: withdrawals, tranches, redemptions. */
export class IssuerAnswers {
  readonly withdrawals = new Movements();
  readonly grants = new Movements();
  readonly holds = new Movements();
  /** Who holds the market's escrow, by series. */
  readonly escrowParties = new Map<string, string>();
  /** How often a tranche was answered. */
  private readonly counts = new Map<string, number>();
  private readonly granted = new Set<string>();

  constructor(
    private readonly invariants: Invariants,
    private readonly pairs: MovementPairs,
  ) {}

  apply(
    event: Extract<
      Event,
      {
        type:
          | 'issuance.tokens-granted'
          | 'issuance.grant-refused'
          | 'issuance.withdrawal-settled'
          | 'issuance.withdrawal-refused'
          | 'issuance.hold-refused';
      }
    >,
  ): void {
    switch (event.type) {
      case 'issuance.tokens-granted':
      case 'issuance.grant-refused':
        return this.answerTranche(event);
      case 'issuance.withdrawal-settled':
      case 'issuance.withdrawal-refused':
        return this.answerWithdrawal(event);
      case 'issuance.hold-refused': {
        const { holdId, partyId, seriesId } = event.data;
        const told = { key: holdId, movementId: holdId, about: holdId, partyId, seriesId };
        const account = `${seriesId}/${partyId}`;
        this.holds.add(movementAt(event, { ...told, account, outcome: 'refused' }));
      }
    }
  }

  private answerTranche(
    event: Extract<Event, { type: 'issuance.tokens-granted' | 'issuance.grant-refused' }>,
  ): void {
    const { grantId, dealId, trancheId } = event.data;
    const number = (this.counts.get(trancheId) ?? 0) + 1;
    this.counts.set(trancheId, number);
    const told = { key: `${trancheId} ${number}`, movementId: trancheId, about: dealId };
    if (event.type === 'issuance.grant-refused') {
      const refused = { ...told, account: `grant ${grantId}`, outcome: 'refused' as const };
      this.grants.add(movementAt(event, refused));
      return;
    }
    if (this.granted.has(trancheId)) {
      this.invariants.violatedAt('S9', event, `the tranche ${trancheId} is granted twice`);
    }
    this.granted.add(trancheId);
    const { seriesId, fromPartyId, toPartyId, quantity } = event.data;
    const moved = { movement: 'grant' as const, movementId: grantId, seriesId, quantity };
    this.pairs.cause(event, { ...moved, fromPartyId, toPartyId });
    const account = `${seriesId}/${toPartyId}`;
    const given = { partyId: toPartyId, seriesId, quantity: micro(quantity) };
    this.grants.add(movementAt(event, { ...told, account, ...given }));
  }

  private answerWithdrawal(
    event: Extract<Event, { type: 'issuance.withdrawal-settled' | 'issuance.withdrawal-refused' }>,
  ): void {
    const { withdrawalId, partyId, seriesId, quantity } = event.data;
    const key = movementKey(event.data, withdrawalId);
    const told = { key, movementId: withdrawalId, account: `${seriesId}/${partyId}` };
    const asked = { partyId, seriesId, quantity: micro(quantity) };
    const isSettled = event.type === 'issuance.withdrawal-settled';
    const outcome = isSettled ? 'done' : 'refused';
    this.withdrawals.add(movementAt(event, { ...told, ...asked, outcome }));
    if (isSettled) {
      const moved = { movement: 'withdrawal' as const, movementId: withdrawalId };
      const escrow = this.escrowParties.get(seriesId) ?? 'no escrow';
      this.pairs.cause(event, {
        ...moved,
        ...{ seriesId, quantity, fromPartyId: escrow, toPartyId: partyId },
      });
    }
  }
}
