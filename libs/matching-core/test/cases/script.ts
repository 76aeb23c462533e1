import type {
  Command,
  NewOrder,
  OrderType,
  Phase,
  Side,
  StpMode,
  TimeInForce,
} from '../../src/types.js';

/**
 * The language of the case files. One command per line, what it must cause on the `>` lines after it (all of it,
 * in order), the state on `=` lines (see play.ts).
 *
 *   a al buy 10 @100            order a of account al: limit, good till cancelled
 *   b bo sell 5 market ioc      market; also `market@95` with protection, `$500` for an amount of money
 *   c al sell 5 stop 90 @88     stop limit; without @ a stop
 *   ... gtc day ioc fok till 9 peak 3 post slide oco a none newest oldest both decrement book 2
 *   replace a 7 @101 [stop 90] [by bo]      cancel a [by bo]      mass al [book 1]
 *   kill al   revive al   time 9   phase closed   bands LOW HIGH PPM REFERENCE   indicate
 *   bust 1   correct 1 @101   deposit al cash 5   withdraw al tokens 5   account al group 1 max 3
 */
export const ACCOUNTS: Readonly<Record<string, number>> = {
  venue: 0,
  al: 1,
  bo: 2,
  cy: 3,
  di: 4,
  /** Another account of al's owner. */
  al2: 5,
  stranger: 9,
};
const STP: Readonly<Record<string, StpMode>> = {
  none: 'none',
  newest: 'cancel_newest',
  oldest: 'cancel_oldest',
  both: 'cancel_both',
  decrement: 'decrement_and_cancel',
};

export class Labels {
  private readonly ids = new Map<string, number>();
  private readonly names = new Map<number, string>();

  /** A new order gets the next id; `x=7` names the id itself. */
  define(word: string): number {
    const [name = word, given] = word.split('=');
    const id = given === undefined ? this.ids.size + 1 : Number(given);
    this.ids.set(name, id);
    this.names.set(id, name);
    return id;
  }
  /** `#7` is the bare id 7. */
  id(name: string): number {
    if (name.startsWith('#')) return Number(name.slice(1));
    const id = this.ids.get(name);
    if (id === undefined) throw new Error(`no order is called ${name}`);
    return id;
  }
  name(id: number): string {
    return this.names.get(id) ?? `#${id}`;
  }
}

export function accountNumber(name: string): number {
  const account = ACCOUNTS[name];
  if (account === undefined) throw new Error(`no account is called ${name}`);
  return account;
}

class Words {
  private at = 0;
  constructor(private readonly words: readonly string[]) {}

  next(): string {
    const word = this.words[this.at];
    this.at += 1;
    if (word === undefined) throw new Error(`too short: ${this.words.join(' ')}`);
    return word;
  }
  number(): number {
    return Number(this.next().replace('@', ''));
  }
  get done(): boolean {
    return this.at >= this.words.length;
  }
  /** Takes the next word if it is `word`. */
  take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at += 1;
    return true;
  }
  peek(): string {
    return this.words[this.at] ?? '';
  }
}

export function parseCommand(line: string, labels: Labels): Command {
  const all = line.split(/\s+/);
  if (all[2] === 'buy' || all[2] === 'sell') return parseOrder(all, labels, all[2]);
  const words = new Words(all);
  const verb = words.next();
  switch (verb) {
    case 'cancel': {
      const orderId = labels.id(words.next());
      return { kind: 'cancel', account: parseBy(words, orderId, labels), orderId };
    }
    case 'replace':
      return parseReplace(words, labels);
    case 'mass':
      return {
        kind: 'mass_cancel',
        account: accountNumber(words.next()),
        book: words.take('book') ? words.number() : 0,
      };
    case 'kill':
    case 'revive':
      return {
        kind: 'kill_switch',
        account: accountNumber(words.next()),
        engaged: verb === 'kill',
      };
    case 'time':
      return { kind: 'set_time', time: words.number() };
    case 'phase':
      return { kind: 'set_phase', book: 1, phase: words.next() as Phase };
    case 'bands':
      return {
        kind: 'set_bands',
        book: 1,
        staticLow: words.number(),
        staticHigh: words.number(),
        dynamicPpm: words.number(),
        referencePrice: words.number(),
      };
    case 'indicate':
      return { kind: 'indicate', book: 1 };
    case 'bust':
      return { kind: 'bust', tradeId: words.number() };
    case 'correct':
      return { kind: 'correct', tradeId: words.number(), price: words.number() };
    case 'deposit':
    case 'withdraw': {
      const account = accountNumber(words.next());
      const asset = words.next() === 'cash' ? 0 : 1;
      return { kind: verb, account, asset, amount: words.number() };
    }
    case 'account': {
      const account = accountNumber(words.next());
      const ownerGroup = words.take('group') ? words.number() : account;
      const openOrdersMax = words.take('max') ? words.number() : 0;
      return { kind: 'configure_account', account, ownerGroup, openOrdersMax };
    }
    default:
      throw new Error(`no command: ${line}`);
  }
}

const owners = new WeakMap<Labels, Map<number, number>>();

function ownersOf(labels: Labels): Map<number, number> {
  let found = owners.get(labels);
  if (found === undefined) owners.set(labels, (found = new Map<number, number>()));
  return found;
}

/** The account that sends a cancel or replace: the order's own, unless `by` names another. */
function parseBy(words: Words, orderId: number, labels: Labels): number {
  if (words.take('by')) return accountNumber(words.next());
  return ownersOf(labels).get(orderId) ?? 1;
}

function parseReplace(words: Words, labels: Labels): Command {
  const orderId = labels.id(words.next());
  const quantity = words.number();
  const price = words.peek().startsWith('@') ? words.number() : 0;
  const stopPrice = words.take('stop') ? words.number() : 0;
  const account = parseBy(words, orderId, labels);
  return { kind: 'replace', account, orderId, price, quantity, stopPrice };
}

function parseOrder(all: readonly string[], labels: Labels, side: Side): NewOrder {
  const [label = '', accountName = ''] = all;
  const words = new Words(all.slice(3));
  const account = accountNumber(accountName);
  const orderId = labels.define(label);
  ownersOf(labels).set(orderId, account);
  const amount = words.next();
  const isQuote = amount.startsWith('$');
  let order: NewOrder = {
    kind: 'new_order',
    book: 1,
    account,
    orderId,
    side,
    type: 'limit',
    timeInForce: 'gtc',
    price: 0,
    quantity: isQuote ? 0 : Number(amount),
    stp: 'cancel_newest',
    ...(isQuote && { quoteAmount: Number(amount.slice(1)) }),
  };
  while (!words.done) order = { ...order, ...parseFlag(words, order, labels) };
  return order;
}

function parseFlag(words: Words, order: NewOrder, labels: Labels): Partial<NewOrder> {
  const word = words.next();
  const stp = STP[word];
  if (stp !== undefined) return { stp };
  if (word.startsWith('@')) {
    const type: OrderType = order.type === 'stop' ? 'stop_limit' : order.type;
    return { price: Number(word.slice(1)), type };
  }
  if (word.startsWith('market')) {
    const price = word.includes('@') ? Number(word.slice('market@'.length)) : 0;
    if (order.type === 'stop') return { price };
    return { type: 'market', timeInForce: 'ioc', price };
  }
  switch (word) {
    case 'gtc':
    case 'day':
    case 'ioc':
    case 'fok':
      return { timeInForce: word satisfies TimeInForce };
    case 'till':
      return { timeInForce: 'gtd', expiresAt: words.number() };
    case 'peak':
      return { displayQuantity: words.number() };
    case 'post':
      return { postOnly: 'reject' };
    case 'slide':
      return { postOnly: 'slide' };
    case 'stop':
      return { type: order.price > 0 ? 'stop_limit' : 'stop', stopPrice: words.number() };
    case 'oco':
      return { ocoPartner: labels.id(words.next()) };
    case 'book':
      return { book: words.number() };
    default:
      throw new Error(`no flag: ${word}`);
  }
}
