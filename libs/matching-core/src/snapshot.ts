import { ByteReader, ByteWriter, checksum } from './bytes.js';
import { ORDER } from './codes.js';
import { CONFIG_FIELDS } from './fields.js';
import type { Ladder } from './ladder.js';
import { enroll } from './lifecycle.js';
import { RECORD } from './orders.js';
import { isPendingStop, ladderOf, timeInForceOf } from './terms.js';
import { Book } from './state.js';
import type { Balances, State } from './state.js';
import { TRADE_DOUBLES } from './trade-history.js';
import type { BookConfig, EngineLimits } from './types.js';

const { GTD } = ORDER;

const { ACCOUNT, CUM, DISPLAY, FLAGS, LEAVES, LEVEL, NEXT, PARTNER, RESERVED_PER_LOT, VISIBLE } =
  RECORD;

/** "SPMS" and the version of the layout below. */
const MAGIC = 0x534d5053;
const VERSION = 4;

/** The words of an order record that are written as they are; links are rebuilt in reading order. */
const ORDER_WORDS = [LEVEL, LEAVES, VISIBLE, CUM, FLAGS, RESERVED_PER_LOT, DISPLAY] as const;
const LIMIT_NAMES = [
  'orderCapacity',
  'accountCapacity',
  'bookCapacity',
  'ladderTicks',
  'tradeHistory',
] as const satisfies readonly (keyof EngineLimits)[];

export class SnapshotError extends Error {}

/** Books and orders in the order of the state view, so that equal states give equal bytes whatever their history. */
export function writeSnapshot(s: State): Uint8Array {
  const w = new ByteWriter();
  w.u32(MAGIC);
  w.u32(VERSION);
  for (const name of LIMIT_NAMES) w.u32(s.limits[name]);
  for (const value of [s.commandSequence, s.time, s.lastOrderId, s.tradeCount, s.priorityCount])
    w.f64(value);
  for (const lane of s.events.stateHash().lanes) w.i32(lane);
  writeAccounts(w, s);
  const books = s.configuredBooks();
  w.u32(books.length);
  for (const book of books) writeBook(w, s, book);
  const first = Math.max(1, s.tradeCount - s.trades.capacity + 1);
  for (let tradeId = first; tradeId <= s.tradeCount; tradeId++)
    for (let i = 0; i < TRADE_DOUBLES; i++)
      w.f64(s.trades.values[s.trades.at(tradeId) + i] as number);
  w.u32(checksum(w.written(), 0, w.length));
  return w.written().slice();
}

/** A snapshot whose bytes are whole, read up to its limits. */
export interface OpenSnapshot {
  readonly limits: EngineLimits;
  readonly reader: ByteReader;
  readonly end: number;
}

/** Checks that the bytes are a snapshot of this version, as they were written; throws `SnapshotError` if not. */
export function openSnapshot(bytes: Uint8Array): OpenSnapshot {
  const end = bytes.length - 4;
  const reader = new ByteReader(bytes);
  if (end < 28 || reader.u32() !== MAGIC) throw new SnapshotError('not a snapshot');
  const version = reader.u32();
  if (version !== VERSION) throw new SnapshotError(`unknown snapshot version ${version}`);
  const sum = new ByteReader(bytes.subarray(end)).u32();
  if (sum !== checksum(bytes, 0, end)) throw new SnapshotError('snapshot checksum differs');
  const limits = Object.fromEntries(LIMIT_NAMES.map((name) => [name, reader.u32()]));
  return { limits: limits as unknown as EngineLimits, reader, end };
}

/** Fills a new state, made for the limits of the snapshot. */
export function readSnapshot({ reader: r, end }: OpenSnapshot, s: State): void {
  s.commandSequence = r.f64();
  s.time = r.f64();
  s.lastOrderId = r.f64();
  s.tradeCount = r.f64();
  s.priorityCount = r.f64();
  const { lanes } = s.events.stateHash();
  for (let lane = 0; lane < lanes.length; lane++) lanes[lane] = r.i32();
  readAccounts(r, s);
  const bookCount = r.u32();
  for (let i = 0; i < bookCount; i++) readBook(r, s);
  const first = Math.max(1, s.tradeCount - s.trades.capacity + 1);
  for (let tradeId = first; tradeId <= s.tradeCount; tradeId++)
    for (let i = 0; i < TRADE_DOUBLES; i++) s.trades.values[s.trades.at(tradeId) + i] = r.f64();
  if (r.at !== end) throw new SnapshotError('snapshot has bytes left over');
}

function writeAccounts(w: ByteWriter, s: State): void {
  const { accounts } = s;
  const numbers = accountNumbers(s);
  w.u32(numbers.length);
  for (const account of numbers) {
    w.u32(account);
    w.i32(accounts.ownerGroup(account));
    w.i32(accounts.openOrdersMax(account));
    w.u32(accounts.feeTier(account));
    w.u32(accounts.isKilled(account) ? 1 : 0);
    writeBalance(w, accounts.cash, account);
  }
}

function readAccounts(r: ByteReader, s: State): void {
  const { accounts } = s;
  const count = r.u32();
  for (let i = 0; i < count; i++) {
    const account = r.u32();
    accounts.configure(account, r.i32(), r.i32(), r.u32());
    accounts.setKilled(account, r.u32());
    accounts.cashSupply += readBalance(r, accounts.cash, account);
  }
}

/** The venue and every configured account, ascending. */
function accountNumbers(s: State): number[] {
  const numbers = [0];
  for (let account = 1; account <= s.accounts.capacity; account++)
    if (s.accounts.isConfigured(account)) numbers.push(account);
  return numbers;
}

function writeBalance(w: ByteWriter, balances: Balances, account: number): void {
  w.f64(balances[2 * account] as number);
  w.f64(balances[2 * account + 1] as number);
}

/** Returns the whole of the balance, for the supply. */
function readBalance(r: ByteReader, balances: Balances, account: number): number {
  const available = r.f64();
  const reserved = r.f64();
  balances[2 * account] = available;
  balances[2 * account + 1] = reserved;
  return available + reserved;
}

function writeBook(w: ByteWriter, s: State, book: Book): void {
  w.u32(book.number);
  for (const { name } of CONFIG_FIELDS) w.f64(Number(book.config[name]));
  writeFees(w, book);
  w.u32(book.phase);
  for (const value of [book.staticLow, book.staticHigh, book.dynamicPpm]) w.f64(value);
  for (const value of [book.referencePrice, book.lastPrice, book.levelSequence]) w.f64(value);
  for (const account of accountNumbers(s)) writeBalance(w, book.tokens, account);
  w.u32(book.openOrders);
  for (const ladder of book.ladders) writeLadder(w, s, ladder);
}

function writeFees(w: ByteWriter, book: Book): void {
  const list = book.fees.listSet();
  w.u32(list.length);
  for (const { tier, makerFeePpm, takerFeePpm, auctionFeePpm } of list)
    for (const value of [tier, makerFeePpm, takerFeePpm, auctionFeePpm]) w.i32(value);
}

function readFees(r: ByteReader, book: Book): void {
  const count = r.u32();
  for (let i = 0; i < count; i++)
    book.fees.set({
      tier: r.i32(),
      makerFeePpm: r.i32(),
      takerFeePpm: r.i32(),
      auctionFeePpm: r.i32(),
    });
}

function writeLadder(w: ByteWriter, s: State, ladder: Ladder): void {
  const { words } = s.orders;
  for (let level = ladder.lowest(); level >= 0; level = ladder.above(level))
    for (let order = ladder.head(level); order !== 0; order = words[order | NEXT] as number)
      writeOrder(w, s, order);
}

function writeOrder(w: ByteWriter, s: State, order: number): void {
  const { words } = s.orders;
  const partner = words[order | PARTNER] as number;
  w.f64(s.orders.idOf(order));
  w.u32(words[order | ACCOUNT] as number);
  for (const word of ORDER_WORDS) w.i32(words[order | word] as number);
  w.f64(s.orders.priorityOf(order));
  w.f64(partner === 0 ? 0 : s.orders.idOf(partner));
  const flags = words[order | FLAGS] as number;
  if (timeInForceOf(flags) === GTD) w.f64(s.orders.expiryOf(order));
  if (isPendingStop(flags)) w.i32(s.orders.stopLimitOf(order));
}

function readBook(r: ByteReader, s: State): void {
  const number = r.u32();
  const config = Object.fromEntries(
    CONFIG_FIELDS.map(({ name, names }) => {
      const value = r.f64();
      return [name, names === undefined ? value : value === 1];
    }),
  );
  const book = new Book(number, config as unknown as BookConfig, s.limits);
  s.books[number] = book;
  readFees(r, book);
  book.enterPhase(r.u32());
  book.staticLow = r.f64();
  book.staticHigh = r.f64();
  book.dynamicPpm = r.f64();
  book.referencePrice = r.f64();
  book.lastPrice = r.f64();
  book.levelSequence = r.f64();
  book.deriveBands();
  for (const account of accountNumbers(s)) book.tokenSupply += readBalance(r, book.tokens, account);
  const count = r.u32();
  const partners: { order: number; orderId: number }[] = [];
  for (let i = 0; i < count; i++) {
    const { order, partnerId } = readOrder(r, s, book);
    if (partnerId !== 0) partners.push({ order, orderId: partnerId });
  }
  for (const { order, orderId } of partners)
    s.orders.words[order | PARTNER] = s.orders.find(orderId);
}

function readOrder(r: ByteReader, s: State, book: Book): { order: number; partnerId: number } {
  const { words } = s.orders;
  const orderId = r.f64();
  const order = enroll(s, book, orderId, r.u32());
  for (const word of ORDER_WORDS) words[order | word] = r.i32();
  words[order | PARTNER] = 0;
  s.orders.setPriority(order, r.f64());
  const partnerId = r.f64();
  const flags = words[order | FLAGS] as number;
  if (timeInForceOf(flags) === GTD) {
    const expiresAt = r.f64();
    s.orders.setExpiry(order, expiresAt);
    s.expiries.push(expiresAt, orderId, s.orders);
  }
  if (isPendingStop(flags)) s.orders.setStopLimit(order, r.i32());
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].append(words, order);
  return { order, partnerId };
}
