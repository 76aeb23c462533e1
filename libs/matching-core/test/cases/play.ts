import { executionReports, type ExecutionReport } from '../../src/index.js';
import type {
  BookConfig,
  Command,
  EngineLimits,
  LevelView,
  MatchingEngine,
  MatchingEvent,
  OrderView,
  Phase,
  StateView,
} from '../../src/types.js';
import type { Implementation } from '../engines.js';
import { ACCOUNTS, accountNumber, Labels, parseCommand } from './script.js';

/** Origin's id, what is shown, and the script. */
export type Case = readonly [id: string, title: string, script: string];

export interface Suite {
  readonly name: string;
  readonly config?: Partial<BookConfig>;
  /** Cash and tokens every account starts with; default ample. */
  readonly cash?: number;
  readonly tokens?: number;
  /** Phase the book starts in; default continuous. */
  readonly phase?: Phase;
  /** Lines every case starts with. */
  readonly prelude?: string;
  readonly cases: readonly Case[];
}

export const CASE_LIMITS: EngineLimits = {
  orderCapacity: 256,
  accountCapacity: 8,
  bookCapacity: 2,
  ladderTicks: 2 ** 14,
  tradeHistory: 64,
};
export const CASE_CONFIG: BookConfig = {
  tickSize: 1,
  lotSize: 1,
  minPrice: 1,
  maxPrice: 16_000,
  minQuantity: 1,
  maxQuantity: 1_000_000,
  minNotional: 0,
  maxNotional: 10 ** 12,
  protectionTicks: 0,
  makerFeePpm: 0,
  takerFeePpm: 0,
  auctionFeePpm: 0,
  reduceKeepsPriority: true,
  selfTradeAllowed: true,
  referenceFollowsTrades: false,
};

/** Plays a case; throws at the first line that does not hold. */
export function playCase(suite: Suite, script: string, implementation: Implementation): void {
  const player = new Player(implementation.create(CASE_LIMITS));
  for (const command of openingOf(suite)) player.apply(command);
  const lines = `${suite.prelude ?? ''}\n${script}`
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter((line) => line !== '');
  lines.forEach((line, index) => {
    if (line.startsWith('=')) return player.expectState(line);
    if (line.startsWith('>')) return undefined;
    const expected: string[] = [];
    for (let next = index + 1; lines[next]?.startsWith('>'); next += 1)
      expected.push((lines[next] ?? '').slice(1).trim().replace(/\s+/g, ' '));
    return player.expectEvents(line, expected);
  });
}

function openingOf(suite: Suite): Command[] {
  const { cash = 10 ** 9, tokens = 10 ** 6, phase = 'continuous' } = suite;
  const config = { ...CASE_CONFIG, ...suite.config };
  const commands: Command[] = [
    { kind: 'configure_book', book: 1, config },
    { kind: 'set_phase', book: 1, phase },
  ];
  for (const [name, account] of Object.entries(ACCOUNTS)) {
    if (name === 'venue' || name === 'stranger') continue;
    const ownerGroup = name === 'al2' ? 1 : account;
    commands.push({ kind: 'configure_account', account, ownerGroup, openOrdersMax: 0 });
    if (cash > 0) commands.push({ kind: 'deposit', account, asset: 0, amount: cash });
    if (tokens > 0) commands.push({ kind: 'deposit', account, asset: 1, amount: tokens });
  }
  return commands;
}

class Player {
  private readonly labels = new Labels();
  private readonly lastReports = new Map<number, ExecutionReport>();

  constructor(private readonly engine: MatchingEngine) {}

  apply(command: Command): MatchingEvent[] {
    const events = this.engine.apply(command);
    for (const event of events)
      for (const report of executionReports(event)) this.lastReports.set(report.orderId, report);
    return events;
  }

  expectEvents(line: string, expected: readonly string[]): void {
    const command = parseCommand(line, this.labels);
    const events = this.apply(command)
      .map((event) => this.describe(event, command))
      .filter((text) => text !== undefined);
    if (events.join('\n') !== expected.join('\n'))
      throw new Error(
        `${line}\n  expected: ${expected.join(' | ')}\n  got:      ${events.join(' | ')}`,
      );
  }

  /** What a case states of an event; undefined for events that cases leave out. */
  private describe(event: MatchingEvent, command: Command): string | undefined {
    const name = (id: number) => this.labels.name(id);
    switch (event.type) {
      case 'trade':
        return `trade ${name(event.makerOrderId)} ${name(event.takerOrderId)} ${event.quantity}@${event.price}`;
      case 'canceled':
        return `cancel ${name(event.orderId)} ${event.canceledQuantity} ${event.reason}`;
      case 'rejected':
        return `reject ${event.reason}`;
      case 'prevented':
        return `prevent ${name(event.makerOrderId)} ${name(event.takerOrderId)} ${event.quantity}`;
      case 'restated':
        return `restate ${name(event.orderId)} ${event.leavesQuantity}`;
      case 'triggered':
        return `trigger ${name(event.orderId)}`;
      case 'replaced': {
        const how = event.keptPriority ? 'kept' : 'moved';
        return `replace ${name(event.orderId)} ${event.leavesQuantity}@${event.price} ${how}`;
      }
      case 'phase':
        return command.kind === 'set_phase' ? undefined : `phase ${event.to}`;
      case 'auction':
        return `auction ${event.volume}@${event.price} ${event.imbalance}`;
      case 'trade_busted':
        return `busted ${event.tradeId}`;
      case 'trade_corrected':
        return `corrected ${event.tradeId} ${event.previousPrice} to ${event.price}`;
      default:
        return undefined;
    }
  }

  expectState(line: string): void {
    const words = line.slice(1).trim().split(/\s+/);
    const view = this.engine.stateView();
    const got = this.stateOf(words, view);
    const expected = words.join(' ');
    if (got !== expected) throw new Error(`state\n  expected: ${expected}\n  got:      ${got}`);
  }

  /** The same sentence as the `=` line, with what the engine says. */
  private stateOf(words: readonly string[], view: StateView): string {
    const [subject = '', name = '', third = ''] = words;
    const book = view.books[0];
    if (book === undefined) throw new Error('there is one book');
    switch (subject) {
      case 'bids':
        return `bids ${levels([...book.bids].reverse())}`;
      case 'asks':
        return `asks ${levels(book.asks)}`;
      case 'queue': {
        const level = [...book.bids, ...book.asks].find((l) => l.price === Number(name.slice(1)));
        const queue = level?.orders.map((order) => this.labels.name(order.orderId)) ?? [];
        return ['queue', name, ...queue].join(' ');
      }
      case 'stops': {
        const stops = [...book.buyStops, ...book.sellStops].flatMap((level) => level.orders);
        const names = stops.map((order) => this.labels.name(order.orderId));
        return ['stops', ...(names.length > 0 ? names : ['-'])].join(' ');
      }
      case 'order': {
        const order = find(view, this.labels.id(name));
        if (order === undefined) return `order ${name} gone`;
        const shown = words.includes('shown') ? ` shown ${order.visibleQuantity}` : '';
        return `order ${name} cum ${order.cumQuantity} leaves ${order.leavesQuantity}${shown}`;
      }
      case 'fix': {
        const report = this.lastReports.get(this.labels.id(name));
        if (report === undefined) return `fix ${name} unknown`;
        const { execType, ordStatus, cumQuantity, leavesQuantity } = report;
        return `fix ${name} ${execType} ${ordStatus} ${cumQuantity} ${leavesQuantity}`;
      }
      case 'cash':
      case 'tokens': {
        const account = view.accounts.find((a) => a.account === accountNumber(name));
        const balance = subject === 'cash' ? account?.cash : account?.tokens[0];
        return `${subject} ${name} ${balance?.available ?? 0} reserved ${balance?.reserved ?? 0}`;
      }
      case 'last':
        return `last ${book.lastPrice}`;
      case 'reference':
        return `reference ${book.referencePrice}`;
      case 'phase':
        return `phase ${book.phase}`;
      default:
        throw new Error(`no state: ${subject} ${third}`);
    }
  }
}

function levels(list: readonly LevelView[]): string {
  return list.length === 0
    ? '-'
    : list.map((level) => `${level.quantity}@${level.price}`).join(' ');
}

function find(view: StateView, orderId: number): OrderView | undefined {
  return view.books
    .flatMap((book) => [...book.bids, ...book.asks, ...book.buyStops, ...book.sellStops])
    .flatMap((level) => level.orders)
    .find((order) => order.orderId === orderId);
}
