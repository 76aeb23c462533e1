import { eventCodec, type IssuanceEvent } from '@specie/contracts';
import { assertNever, assertPossible, type RecordedEvent } from '@specie/event-sourcing';
import type { AttestedCollection } from '@specie/attestation';
import { formatMicro } from '@specie/quantities';
import type { EarlierMovement } from '../src/account/account.commands.js';

interface Capacity {
  readonly providerId: string;
  readonly sku: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly tokensPerDay: bigint;
  status: string;
}
interface Series {
  readonly providerId: string;
  minted: bigint;
  burned: bigint;
}
interface Account {
  readonly seriesId: string;
  readonly partyId: string;
  readonly kind: string;
  available: bigint;
  held: bigint;
}
interface Hold {
  readonly accountId: string;
  readonly quantity: bigint;
  captured: bigint;
  released: bigint;
  status: string;
}

/** The books by plain additions over the log; shares no code with the deciders and the read models. */
export class Books {
  readonly capacity = new Map<string, Capacity>();
  readonly series = new Map<string, Series>();
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();

  add(recorded: RecordedEvent): void {
    const event = eventCodec.decode(recorded) as IssuanceEvent;
    switch (event.type) {
      case 'issuance.capacity-committed': {
        const { commitmentId, providerId, sku, fromOn, toOn, tokensPerDay } = event.data;
        this.capacity.set(commitmentId, {
          providerId,
          sku,
          fromOn,
          toOn,
          tokensPerDay,
          status: 'committed',
        });
        break;
      }
      case 'issuance.capacity-attested':
        of(this.capacity, event.data.commitmentId).status = 'attested';
        break;
      case 'issuance.capacity-withdrawn':
        of(this.capacity, event.data.commitmentId).status = 'withdrawn';
        break;
      case 'issuance.series-opened':
        this.series.set(event.data.seriesId, {
          providerId: event.data.providerId,
          minted: 0n,
          burned: 0n,
        });
        break;
      case 'issuance.tokens-minted':
        of(this.series, event.data.seriesId).minted += event.data.quantity;
        break;
      case 'issuance.account-opened': {
        const { accountId, seriesId, partyId, kind } = event.data;
        this.accounts.set(accountId, { seriesId, partyId, kind, available: 0n, held: 0n });
        break;
      }
      case 'issuance.tokens-received':
        of(this.accounts, event.data.accountId).available += event.data.quantity;
        break;
      case 'issuance.tokens-sent':
        of(this.accounts, event.data.accountId).available -= event.data.quantity;
        break;
      case 'issuance.tokens-held': {
        const { accountId, holdId, quantity } = event.data;
        of(this.accounts, accountId).available -= quantity;
        of(this.accounts, accountId).held += quantity;
        this.holds.set(holdId, { accountId, quantity, captured: 0n, released: 0n, status: 'open' });
        break;
      }
      case 'issuance.hold-captured': {
        const { accountId, seriesId, holdId, quantity } = event.data;
        of(this.accounts, accountId).held -= quantity;
        of(this.holds, holdId).captured += quantity;
        of(this.series, seriesId).burned += quantity;
        break;
      }
      case 'issuance.hold-released': {
        const { accountId, holdId, quantity } = event.data;
        of(this.accounts, accountId).held -= quantity;
        of(this.accounts, accountId).available += quantity;
        const hold = of(this.holds, holdId);
        hold.released += quantity;
        hold.status = 'closed';
        break;
      }
      case 'issuance.provider-registered':
      case 'issuance.tokens-granted':
      case 'issuance.grant-refused':
      case 'issuance.hold-refused':
      case 'issuance.withdrawal-settled':
      case 'issuance.withdrawal-refused':
      case 'issuance.state-attested':
      case 'issuance.input-discarded':
        break;
      default:
        assertNever(event);
    }
  }

  /** As docs/architecture.md names and writes them. */
  collections(): readonly AttestedCollection[] {
    const { capacity, series, accounts, holds } = this;
    return Object.entries({ capacity, series, accounts, holds }).map(([name, rows]) => ({
      name,
      rows: [...rows].map(([key, row]) => [key, inWireForm(row)] as const),
    }));
  }
}

/** Movements by account, kind, direction, owner and id, which the tables keep unique; throws where they are not. */
export class Statement {
  readonly movements = new Map<string, EarlierMovement>();

  /** The two sides of movements and burns; nothing else stands in a statement. */
  add(recorded: RecordedEvent): void {
    const event = eventCodec.decode(recorded) as IssuanceEvent;
    switch (event.type) {
      case 'issuance.tokens-sent': {
        const { movement, partyId, counterPartyId } = event.data;
        const owner = movement === 'withdrawal' ? counterPartyId : partyId;
        this.put(`${movement} sent ${owner}`, event.data);
        break;
      }
      case 'issuance.tokens-received': {
        const { movement, partyId, counterPartyId } = event.data;
        const owner = movement === 'withdrawal' ? partyId : counterPartyId;
        this.put(`${movement} received ${owner}`, event.data);
        break;
      }
      case 'issuance.hold-captured': {
        const { partyId, captureId } = event.data;
        const burn = { movementId: captureId, counterPartyId: partyId };
        this.put(`redemption burned ${partyId}`, { ...event.data, ...burn });
        break;
      }
      case 'issuance.account-opened':
      case 'issuance.tokens-held':
      case 'issuance.hold-released':
      case 'issuance.provider-registered':
      case 'issuance.capacity-committed':
      case 'issuance.capacity-attested':
      case 'issuance.capacity-withdrawn':
      case 'issuance.series-opened':
      case 'issuance.tokens-minted':
      case 'issuance.tokens-granted':
      case 'issuance.grant-refused':
      case 'issuance.hold-refused':
      case 'issuance.withdrawal-settled':
      case 'issuance.withdrawal-refused':
      case 'issuance.state-attested':
      case 'issuance.input-discarded':
        break;
      default:
        assertNever(event);
    }
  }

  private put(
    kind: string,
    { accountId, movementId, ...row }: EarlierMovement & Record<'accountId' | 'movementId', string>,
  ): void {
    const key = `${accountId} ${kind} ${movementId}`;
    assertPossible(!this.movements.has(key), `the movement ${key} happens twice`);
    this.movements.set(key, row);
  }
}

export function foldOf(events: readonly RecordedEvent[]): Books {
  const books = new Books();
  events.forEach((event) => {
    books.add(event);
  });
  return books;
}

function of<Row>(rows: ReadonlyMap<string, Row>, key: string): Row {
  const row = rows.get(key);
  assertPossible(row !== undefined, 'an event without what it refers to');
  return row;
}

function inWireForm(
  row: Readonly<Record<string, string | bigint>> | object,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(row as Readonly<Record<string, string | bigint>>).map(([field, value]) => [
      field,
      typeof value === 'bigint' ? formatMicro(value) : value,
    ]),
  );
}
