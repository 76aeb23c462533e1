import type { JsonValue } from '@specie/event-sourcing';
import type { StoryCommand, StoryEvent } from './log-writer.js';

export const hash = 'a'.repeat(64);
export const at = '2026-03-02T10:00:00.000Z';

/** A fixed id with a readable end. */
export function id(number: number): string {
  return `0192d1a0-7b5e-7c3d-8e4f-${String(number).padStart(12, '0')}`;
}

export const provider = id(1);
export const startup = id(2);
export const investor = id(3);
export const escrowParty = id(4);
export const series = id(10);
export const treasury = id(11);
export const startupAccount = id(12);
export const escrowAccount = id(13);
export const investorAccount = id(14);
export const commitment = id(15);
export const [company, shareClass, deal, tranche, issuance] = [
  id(20),
  id(21),
  id(22),
  id(23),
  id(24),
];
export const [escrowTransfer, withdrawal, buyOrder, sellOrder] = [id(30), id(31), id(32), id(33)];
export const [reservation, capture] = [id(40), id(41)];

let commandNumber = 0;
export function command(...events: readonly StoryEvent[]): StoryCommand {
  commandNumber += 1;
  // The last digits are left for the ordinals of the events.
  return { commandId: id(900_000_000_000 - commandNumber * 100), at, events };
}

export function event(
  streamId: string,
  type: string,
  data: Readonly<Record<string, JsonValue>>,
): StoryEvent {
  return { streamId, type, data };
}

export interface Move {
  readonly movementId: string;
  readonly movement: string;
  readonly quantity: string;
  readonly from: readonly [accountId: string, partyId: string];
  readonly to: readonly [accountId: string, partyId: string];
}

export function sent({ movementId, movement, quantity, from, to }: Move): StoryEvent {
  const [accountId, partyId] = from;
  return event(`account-${accountId}`, 'issuance.tokens-sent', {
    ...{
      accountId,
      seriesId: series,
      partyId,
      movementId,
      movement,
      counterPartyId: to[1],
      quantity,
    },
    draws: [{ lotId: id(50), quantity }],
  });
}

export function received({ movementId, movement, quantity, from, to }: Move): StoryEvent {
  const [accountId, partyId] = to;
  return event(`account-${accountId}`, 'issuance.tokens-received', {
    ...{
      accountId,
      seriesId: series,
      partyId,
      movementId,
      movement,
      counterPartyId: from[1],
      quantity,
    },
    lots: [{ lotId: id(50), quantity, lockupEndsAt: null }],
  });
}
