import type { RecordedEvent } from '@specie/event-sourcing';
import { eventCodec } from '@specie/contracts';
import type { Projection } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import type { AccountEvent } from './account.state.js';

/** What a batch of events adds to the rows of accounts, holds and series; sums, so their order does not matter. */
export interface AccountChanges {
  readonly opened: AccountOpening[];
  readonly accounts: Map<string, { available: bigint; held: bigint; streamVersion: number }>;
  readonly holdsOpened: HoldOpening[];
  readonly holds: Map<string, { captured: bigint; released: bigint; closed: boolean }>;
  readonly burned: Map<string, bigint>;
  readonly movements: Movement[];
}

type AccountOpening = Extract<AccountEvent, { type: 'issuance.account-opened' }>['data'];
type HoldOpening = Extract<AccountEvent, { type: 'issuance.tokens-held' }>['data'];
interface Movement {
  readonly accountId: string;
  readonly movementId: string;
  readonly position: number;
  readonly movement: string;
  readonly direction: 'received' | 'sent' | 'burned';
  readonly ownerPartyId: string;
  readonly counterPartyId: string;
  readonly quantity: bigint;
  readonly occurredAt: string;
}

const accountEventTypes: ReadonlySet<string> = new Set<AccountEvent['type']>([
  'issuance.account-opened',
  'issuance.tokens-received',
  'issuance.tokens-sent',
  'issuance.tokens-held',
  'issuance.hold-captured',
  'issuance.hold-released',
]);

export const accountsProjection: Projection = {
  name: 'accounts',
  async apply(manager, events) {
    await writeChanges(manager, accountChanges(events));
  },
};

export function accountChanges(events: readonly RecordedEvent[]): AccountChanges {
  const changes: AccountChanges = {
    opened: [],
    accounts: new Map(),
    holdsOpened: [],
    holds: new Map(),
    burned: new Map(),
    movements: [],
  };
  for (const recorded of events) {
    if (accountEventTypes.has(recorded.type)) {
      addEvent(changes, recorded, eventCodec.decode(recorded) as AccountEvent);
    }
  }
  return changes;
}

function addEvent(changes: AccountChanges, recorded: RecordedEvent, event: AccountEvent): void {
  const account = changes.accounts.get(event.data.accountId) ?? {
    available: 0n,
    held: 0n,
    streamVersion: 0,
  };
  changes.accounts.set(event.data.accountId, account);
  account.streamVersion = recorded.streamVersion;
  switch (event.type) {
    case 'issuance.account-opened':
      changes.opened.push(event.data);
      break;
    case 'issuance.tokens-received':
      account.available += event.data.quantity;
      changes.movements.push({
        ...event.data,
        ...placeOf(recorded),
        direction: 'received',
        ownerPartyId: ownerOf(event),
      });
      break;
    case 'issuance.tokens-sent':
      account.available -= event.data.quantity;
      changes.movements.push({
        ...event.data,
        ...placeOf(recorded),
        direction: 'sent',
        ownerPartyId: ownerOf(event),
      });
      break;
    case 'issuance.tokens-held':
      account.available -= event.data.quantity;
      account.held += event.data.quantity;
      changes.holdsOpened.push(event.data);
      break;
    case 'issuance.hold-captured': {
      const { accountId, holdId, captureId, seriesId, partyId, quantity } = event.data;
      account.held -= quantity;
      holdChange(changes, holdId).captured += quantity;
      changes.burned.set(seriesId, (changes.burned.get(seriesId) ?? 0n) + quantity);
      const burn = { accountId, movementId: captureId, counterPartyId: partyId, quantity };
      const kind = {
        movement: 'redemption',
        direction: 'burned',
        ownerPartyId: partyId,
      } as const;
      changes.movements.push({ ...burn, ...kind, ...placeOf(recorded) });
      break;
    }
    case 'issuance.hold-released': {
      const { holdId, quantity } = event.data;
      account.held -= quantity;
      account.available += quantity;
      const hold = holdChange(changes, holdId);
      hold.released += quantity;
      hold.closed = true;
      break;
    }
  }
}

/** Whoever withdraws chooses the id of a withdrawal; of every other movement the sender does. */
function ownerOf({
  type,
  data,
}: Extract<AccountEvent, { type: 'issuance.tokens-received' | 'issuance.tokens-sent' }>): string {
  const isReceived = type === 'issuance.tokens-received';
  return isReceived === (data.movement === 'withdrawal') ? data.partyId : data.counterPartyId;
}

function holdChange(
  changes: AccountChanges,
  holdId: string,
): { captured: bigint; released: bigint; closed: boolean } {
  const hold = changes.holds.get(holdId) ?? { captured: 0n, released: 0n, closed: false };
  changes.holds.set(holdId, hold);
  return hold;
}

function placeOf({
  position,
  occurredAt,
}: RecordedEvent): Pick<Movement, 'position' | 'occurredAt'> {
  return { position, occurredAt };
}

async function writeChanges(manager: EntityManager, changes: AccountChanges): Promise<void> {
  const { opened, holdsOpened, movements } = changes;
  const accounts = [...changes.accounts];
  const holds = [...changes.holds];
  const burned = [...changes.burned];
  await insertAll(
    manager,
    'token_accounts (account_id, series_id, party_id, kind, available, held, stream_version)',
    [
      ['uuid', opened.map((row) => row.accountId)],
      ['uuid', opened.map((row) => row.seriesId)],
      ['uuid', opened.map((row) => row.partyId)],
      ['text', opened.map((row) => row.kind)],
      ['bigint', opened.map(() => '0')],
      ['bigint', opened.map(() => '0')],
      ['integer', opened.map(() => '1')],
    ],
  );
  await updateAll(manager, accounts.length, {
    sql: `UPDATE token_accounts AS row
          SET available = row.available + change.available,
              held = row.held + change.held,
              stream_version = change.stream_version
          FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::integer[])
            AS change (account_id, available, held, stream_version)
          WHERE row.account_id = change.account_id`,
    columns: [
      accounts.map(([accountId]) => accountId),
      accounts.map(([, change]) => change.available.toString()),
      accounts.map(([, change]) => change.held.toString()),
      accounts.map(([, change]) => change.streamVersion),
    ],
  });
  await insertAll(
    manager,
    'token_holds (hold_id, account_id, quantity, captured, released, status, expires_at)',
    [
      ['uuid', holdsOpened.map((row) => row.holdId)],
      ['uuid', holdsOpened.map((row) => row.accountId)],
      ['bigint', holdsOpened.map((row) => row.quantity.toString())],
      ['bigint', holdsOpened.map(() => '0')],
      ['bigint', holdsOpened.map(() => '0')],
      ['text', holdsOpened.map(() => 'open')],
      ['timestamptz', holdsOpened.map((row) => row.expiresAt)],
    ],
  );
  await updateAll(manager, holds.length, {
    sql: `UPDATE token_holds AS row
          SET captured = row.captured + change.captured,
              released = row.released + change.released,
              status = CASE WHEN change.closed THEN 'closed' ELSE row.status END
          FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::boolean[])
            AS change (hold_id, captured, released, closed)
          WHERE row.hold_id = change.hold_id`,
    columns: [
      holds.map(([holdId]) => holdId),
      holds.map(([, change]) => change.captured.toString()),
      holds.map(([, change]) => change.released.toString()),
      holds.map(([, change]) => change.closed),
    ],
  });
  await updateAll(manager, burned.length, {
    sql: `UPDATE token_series AS row SET burned = row.burned + change.burned
          FROM unnest($1::uuid[], $2::bigint[]) AS change (series_id, burned)
          WHERE row.series_id = change.series_id`,
    columns: [
      burned.map(([seriesId]) => seriesId),
      burned.map(([, quantity]) => quantity.toString()),
    ],
  });
  await insertAll(
    manager,
    `token_movements (account_id, movement_id, position, movement, direction, owner_party_id, counter_party_id, quantity, occurred_at)`,
    [
      ['uuid', movements.map((row) => row.accountId)],
      ['uuid', movements.map((row) => row.movementId)],
      ['bigint', movements.map((row) => row.position.toString())],
      ['text', movements.map((row) => row.movement)],
      ['text', movements.map((row) => row.direction)],
      ['uuid', movements.map((row) => row.ownerPartyId)],
      ['uuid', movements.map((row) => row.counterPartyId)],
      ['bigint', movements.map((row) => row.quantity.toString())],
      ['timestamptz', movements.map((row) => row.occurredAt)],
    ],
  );
}

/** One statement for all rows: an append must not pay a round trip per event. */
async function insertAll(
  manager: EntityManager,
  target: string,
  columns: readonly (readonly [type: string, values: readonly string[]])[],
): Promise<void> {
  const rowCount = columns[0]?.[1].length ?? 0;
  if (rowCount === 0) {
    return;
  }
  const arrays = columns.map(([type], index) => `$${index + 1}::${type}[]`).join(', ');
  await manager.query(
    `INSERT INTO ${target} SELECT * FROM unnest(${arrays})`,
    columns.map(([, values]) => values),
  );
}

/** @throws if a row is missing: the log and its read model would disagree. */
async function updateAll(
  manager: EntityManager,
  rowCount: number,
  statement: { readonly sql: string; readonly columns: readonly (readonly unknown[])[] },
): Promise<void> {
  if (rowCount === 0) {
    return;
  }
  const [, updatedCount] = await manager.query<[unknown, number]>(statement.sql, [
    ...statement.columns,
  ]);
  if (updatedCount !== rowCount) {
    throw new Error(`the read model has ${updatedCount} of ${rowCount} rows to update`);
  }
}
