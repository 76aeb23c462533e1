import { formatMicro } from '@specie/quantities';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventFacts, EventOfService } from '../wire-events.js';

type Event = EventOfService<'issuance'>;
type Sent = Extract<Event, { readonly type: 'issuance.tokens-sent' }>;
type Received = Extract<Event, { readonly type: 'issuance.tokens-received' }>;

interface Side {
  readonly event: EventFacts;
  readonly accountId: string;
  readonly isEscrow: boolean;
  readonly quantity: bigint;
}

interface Pair {
  readonly movement: Received['data']['movement'];
  readonly movementId: string;
  sent: Side | null;
  received: Side | null;
  /** The event that says why: a mint, a grant, a settled withdrawal. */
  cause: { readonly event: EventFacts; readonly quantity: bigint } | null;
}

/**
 * Double entry inside one command: what is sent is received, in the same quantity, between the parties that
 * both sides name, and for the reason that stands beside it.
 */
export class MovementPairs {
  private readonly pairs = new Map<string, Pair>();

  constructor(private readonly invariants: Invariants) {}

  side(event: Sent | Received, isEscrow: boolean): void {
    const { movement, movementId, seriesId, accountId, partyId, counterPartyId } = event.data;
    const isReceived = event.type === 'issuance.tokens-received';
    const [fromPartyId, toPartyId] = isReceived
      ? [counterPartyId, partyId]
      : [partyId, counterPartyId];
    const pair = this.pairOf({ movement, movementId, seriesId, fromPartyId, toPartyId });
    const quantity = micro(event.data.quantity);
    if (isReceived) {
      pair.received = { event, accountId, isEscrow, quantity };
    } else {
      pair.sent = { event, accountId, isEscrow, quantity };
    }
  }

  cause(
    event: EventFacts,
    of: {
      readonly movement: Pair['movement'];
      readonly movementId: string;
      readonly seriesId: string;
      readonly fromPartyId: string;
      readonly toPartyId: string;
      readonly quantity: string;
    },
  ): void {
    this.pairOf(of).cause = { event, quantity: micro(of.quantity) };
  }

  closeCommand(): void {
    for (const pair of this.pairs.values()) {
      const { sent, received, cause, movement, movementId } = pair;
      const problem = problemOf(pair);
      const at = sent?.event ?? received?.event ?? cause?.event;
      if (problem !== null && at !== undefined) {
        const accounts = [sent?.accountId, received?.accountId].filter(
          (each) => each !== undefined,
        );
        const where = accounts.length === 0 ? 'no account' : `account ${accounts.join(' to ')}`;
        this.invariants.violatedAt('S1', at, `${movement} ${movementId}, ${where}: ${problem}`);
      }
    }
    this.pairs.clear();
  }

  private pairOf(of: {
    readonly movement: Pair['movement'];
    readonly movementId: string;
    readonly seriesId: string;
    readonly fromPartyId: string;
    readonly toPartyId: string;
  }): Pair {
    const { movement, movementId, seriesId, fromPartyId, toPartyId } = of;
    const key = [movement, movementId, seriesId, fromPartyId, toPartyId].join(' ');
    const known = this.pairs.get(key);
    if (known !== undefined) {
      return known;
    }
    const made = { movement, movementId, sent: null, received: null, cause: null };
    this.pairs.set(key, made);
    return made;
  }
}

function problemOf({ movement, sent, received, cause }: Pair): string | null {
  if (received === null) {
    return `${amount(sent ?? cause)} sent, nothing received`;
  }
  if (sent === null ? movement !== 'mint' : sent.quantity !== received.quantity) {
    return `${sent === null ? 'nothing' : amount(sent)} sent, ${amount(received)} received`;
  }
  const needsCause = movement === 'mint' || movement === 'grant' || movement === 'withdrawal';
  if (needsCause && cause?.quantity !== received.quantity) {
    return `${amount(received)} received, ${cause === null ? 'nothing' : amount(cause)} stated`;
  }
  const [fromEscrow, toEscrow] = [sent?.isEscrow ?? false, received.isEscrow];
  if (fromEscrow !== (movement === 'withdrawal') || toEscrow !== (movement === 'escrow')) {
    return `${fromEscrow ? 'out of' : toEscrow ? 'into' : 'without'} the market’s escrow`;
  }
  return null;
}

function amount(of: { readonly quantity: bigint } | null): string {
  return of === null ? 'nothing' : formatMicro(of.quantity);
}
