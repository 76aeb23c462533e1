import type {
  GrantRefused,
  HoldRefused,
  TokensGranted,
  WithdrawalRefused,
  WithdrawalSettled,
} from '@specie/contracts';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import type { AccountEvent } from './account.state.js';
import { accountTable, movementTable, type MovementRow } from './account.table.js';

/** They say how a request was answered; what moved stands in the events of the accounts. */
type Answer = TokensGranted | GrantRefused | HoldRefused | WithdrawalSettled | WithdrawalRefused;

type Moved = Extract<
  AccountEvent,
  { type: 'issuance.tokens-received' | 'issuance.tokens-sent' }
>['data'];

interface Balance {
  available: bigint;
  held: bigint;
  streamVersion: number;
}
type Movement = Omit<MovementRow, 'occurredAt'> & { readonly occurredAt: string };

/** What a batch adds to the rows; sums, so the order of the events does not matter. */
interface Changes {
  readonly opened: Extract<AccountEvent, { type: 'issuance.account-opened' }>['data'][];
  readonly balances: Map<string, Balance>;
  readonly movements: Movement[];
}

export const accountProjection = defineProjection<AccountEvent | Answer, Changes>({
  name: 'accounts',
  changes: () => ({ opened: [], balances: new Map(), movements: [] }),
  events: {
    'issuance.account-opened': (changes, event) => {
      balanceOf(changes, event);
      changes.opened.push(event.data);
    },
    'issuance.tokens-received': (changes, event) => {
      const { data } = event;
      balanceOf(changes, event).available += data.quantity;
      // Whoever withdraws chooses the id of a withdrawal; of every other movement the sender does.
      const ownerPartyId = data.movement === 'withdrawal' ? data.partyId : data.counterPartyId;
      changes.movements.push(movementOf(event, { direction: 'received', ownerPartyId }));
    },
    'issuance.tokens-sent': (changes, event) => {
      const { data } = event;
      balanceOf(changes, event).available -= data.quantity;
      const ownerPartyId = data.movement === 'withdrawal' ? data.counterPartyId : data.partyId;
      changes.movements.push(movementOf(event, { direction: 'sent', ownerPartyId }));
    },
    'issuance.tokens-held': (changes, event) => {
      const balance = balanceOf(changes, event);
      balance.available -= event.data.quantity;
      balance.held += event.data.quantity;
    },
    'issuance.hold-captured': (changes, event) => {
      const { accountId, captureId, partyId, quantity } = event.data;
      balanceOf(changes, event).held -= quantity;
      changes.movements.push({
        accountId,
        movementId: captureId,
        position: event.position,
        movement: 'redemption',
        direction: 'burned',
        ownerPartyId: partyId,
        counterPartyId: partyId,
        quantity,
        occurredAt: event.occurredAt,
      });
    },
    'issuance.hold-released': (changes, event) => {
      const balance = balanceOf(changes, event);
      balance.held -= event.data.quantity;
      balance.available += event.data.quantity;
    },
    'issuance.tokens-granted': 'ignored',
    'issuance.grant-refused': 'ignored',
    'issuance.hold-refused': 'ignored',
    'issuance.withdrawal-settled': 'ignored',
    'issuance.withdrawal-refused': 'ignored',
  },
  write: async (manager, { opened, balances, movements }) => {
    await accountTable.insert(
      manager,
      opened.map((terms) => ({ ...terms, available: 0n, held: 0n, streamVersion: 1 })),
    );
    await accountTable.add(
      manager,
      [...balances].map(([accountId, balance]) => ({ accountId, ...balance })),
      { set: ['streamVersion'] },
    );
    await movementTable.insert(manager, movements);
  },
});

function balanceOf(
  { balances }: Changes,
  { data, streamVersion }: PlacedEvent<AccountEvent>,
): Balance {
  const balance = balances.get(data.accountId) ?? { available: 0n, held: 0n, streamVersion };
  balance.streamVersion = streamVersion;
  balances.set(data.accountId, balance);
  return balance;
}

function movementOf(
  { data, position, occurredAt }: { data: Moved; position: number; occurredAt: string },
  side: Pick<Movement, 'direction' | 'ownerPartyId'>,
): Movement {
  const { accountId, movementId, movement, counterPartyId, quantity } = data;
  return {
    accountId,
    movementId,
    position,
    movement,
    ...side,
    counterPartyId,
    quantity,
    occurredAt,
  };
}
