import { checksum, MatchingCore, SnapshotError } from '@specie/matching-core';
import type { BookOpened, WithdrawalRequested } from '@specie/contracts';
import { microTokens } from '@specie/quantities';
import type { OpenOrder } from './open-orders.js';
import type { OrderKind, Side, TimeInForce } from './shard.commands.js';
import { Venue, type KillSwitch } from './venue.js';

/** Everything beside the core and the orders. */
interface Directory {
  readonly books: readonly string[];
  readonly accounts: readonly string[];
  readonly terms: readonly BookOpened['data'][];
  readonly remainders: readonly (readonly [string, string, string])[];
  readonly killSwitches: readonly (readonly [string, KillSwitch])[];
  readonly openOrdersMax: readonly (readonly [string, number])[];
  readonly pending: readonly (Omit<WithdrawalRequested['data'], 'quantity'> & {
    readonly quantity: string;
  })[];
  readonly cashDeposited: string;
}

const sides = ['buy', 'sell'] as const satisfies readonly Side[];
const kinds = ['limit', 'market', 'stop', 'stop_limit'] as const satisfies readonly OrderKind[];
const times = ['GTC', 'DAY', 'GTD', 'IOC', 'FOK'] as const satisfies readonly TimeInForce[];

/** Number, id, account, book, price, filled notional, codes and the length of the client's reference. */
const orderBytes = 8 + 16 + 4 + 4 + 4 + 8 + 4;
const wordBytes = 4;

/**
 * The venue as bytes: three parts, each after its length in four bytes: the directory (JSON), the open orders in the
 * order of their numbers (fixed width, then the client's reference), and the snapshot of the core. The checksum of all
 * of it ends it: the state hash of the core says nothing of the names that it does not know.
 */
export function writeSnapshot(venue: Venue): Uint8Array {
  const directory: Directory = {
    books: venue.books.all(),
    accounts: venue.accounts.all(),
    terms: [...venue.terms.values()],
    remainders: venue.remainders
      .all()
      .map(([seriesId, partyId, remainder]) => [seriesId, partyId, remainder.toString()]),
    killSwitches: [...venue.killSwitches],
    openOrdersMax: [...venue.openOrdersMax],
    pending: venue
      .allPending()
      .map((pending) => ({ ...pending, quantity: pending.quantity.toString() })),
    cashDeposited: venue.cashTotal.toString(),
  };
  const parts = [Buffer.from(JSON.stringify(directory)), writeOrders(venue), venue.core.snapshot()];
  const bytes = Buffer.concat([...parts.flatMap((part) => [wordOf(part.length), part]), wordOf(0)]);
  const end = bytes.length - wordBytes;
  bytes.writeUInt32LE(checksum(bytes, 0, end), end);
  return bytes;
}

/** @throws SnapshotError if the bytes are no snapshot of a venue */
export function readSnapshot(snapshot: Uint8Array): Venue {
  const whole = Buffer.from(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  const end = Math.max(0, whole.length - wordBytes);
  if (end === 0 || whole.readUInt32LE(end) !== checksum(whole, 0, end)) {
    throw new SnapshotError('the snapshot of the shard is not as it was written');
  }
  const bytes = whole.subarray(0, end);
  const parts: Buffer[] = [];
  let at = 0;
  for (let part = 0; part < 3; part += 1) {
    const length = at + wordBytes <= bytes.length ? bytes.readUInt32LE(at) : Infinity;
    at += wordBytes;
    if (at + length > bytes.length) {
      throw new SnapshotError('the snapshot of the shard is cut off');
    }
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  const [directoryPart, ordersPart, corePart] = parts as [Buffer, Buffer, Buffer];
  const directory = JSON.parse(directoryPart.toString()) as Directory;
  const venue = new Venue(MatchingCore.restore(corePart), directory.books, directory.accounts);
  directory.terms.forEach((terms) => venue.terms.set(terms.seriesId, terms));
  directory.remainders.forEach(([seriesId, partyId, remainder]) =>
    venue.remainders.set(seriesId, partyId, BigInt(remainder)),
  );
  directory.killSwitches.forEach(([partyId, held]) => venue.killSwitches.set(partyId, held));
  directory.openOrdersMax.forEach(([partyId, most]) => venue.openOrdersMax.set(partyId, most));
  directory.pending.forEach((pending) =>
    venue.addPending({ ...pending, quantity: microTokens(BigInt(pending.quantity)) }),
  );
  venue.countCash(BigInt(directory.cashDeposited));
  readOrders(ordersPart, venue);
  return venue;
}

function writeOrders(venue: Venue): Buffer {
  const orders = [...venue.orders.all()].sort((a, b) => a.orderNumber - b.orderNumber);
  const references = orders.reduce((sum, { clientOrderId = '' }) => sum + clientOrderId.length, 0);
  const bytes = Buffer.alloc(orders.length * orderBytes + references);
  let at = 0;
  for (const order of orders) {
    const reference = order.clientOrderId ?? '';
    at = bytes.writeDoubleLE(order.orderNumber, at);
    at += bytes.write(order.orderId.replaceAll('-', ''), at, 16, 'hex');
    at = bytes.writeUInt32LE(venue.accounts.numberOf(order.partyId), at);
    at = bytes.writeUInt32LE(venue.books.numberOf(order.seriesId), at);
    at = bytes.writeUInt32LE(order.priceTicks, at);
    at = bytes.writeDoubleLE(order.filledNotional, at);
    at = bytes.writeUInt8(sides.indexOf(order.side), at);
    at = bytes.writeUInt8(kinds.indexOf(order.orderKind), at);
    at = bytes.writeUInt8(times.indexOf(order.timeInForce), at);
    at = bytes.writeUInt8(reference.length, at);
    at += bytes.write(reference, at, 'latin1');
  }
  return bytes;
}

function readOrders(bytes: Buffer, venue: Venue): void {
  for (let at = 0; at < bytes.length;) {
    if (at + orderBytes > bytes.length) {
      throw new SnapshotError('an order of the snapshot is cut off');
    }
    const referenceLength = bytes.readUInt8(at + orderBytes - 1);
    const order: OpenOrder = {
      orderNumber: bytes.readDoubleLE(at),
      orderId: uuidOf(bytes.toString('hex', at + 8, at + 24)),
      partyId: venue.accounts.textOf(bytes.readUInt32LE(at + 24)),
      seriesId: venue.books.textOf(bytes.readUInt32LE(at + 28)),
      priceTicks: bytes.readUInt32LE(at + 32),
      filledNotional: bytes.readDoubleLE(at + 36),
      side: codeAt(sides, bytes.readUInt8(at + 44)),
      orderKind: codeAt(kinds, bytes.readUInt8(at + 45)),
      timeInForce: codeAt(times, bytes.readUInt8(at + 46)),
      // An order by amount never outlives its command.
      isByAmount: false,
      clientOrderId:
        referenceLength === 0
          ? undefined
          : bytes.toString('latin1', at + orderBytes, at + orderBytes + referenceLength),
    };
    venue.orders.add(order);
    at += orderBytes + referenceLength;
  }
}

function codeAt<Code>(codes: readonly Code[], index: number): Code {
  const code = codes[index];
  if (code === undefined) {
    throw new SnapshotError(`the snapshot has the code ${index}`);
  }
  return code;
}

function wordOf(value: number): Buffer {
  const bytes = Buffer.alloc(wordBytes);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uuidOf(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
