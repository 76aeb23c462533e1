import type { BookUpdate, ShownBook, ShownLevel } from '../shard/book-update.js';
import { BookState } from './book-state.js';
import { Message, MessageStream, type Encoder } from './message-stream.js';
import {
  channels,
  type Channel,
  type StreamMessage,
  type WireLevel,
  type WireTrade,
} from './messages.js';

export interface BookFeedOptions {
  readonly encoder: Encoder;
  /** Where the sequences of its channels begin. */
  readonly start: number;
  /** So many changes of each channel are kept for those who resume. */
  readonly changeCountMax: number;
}

interface Sent {
  readonly stream: MessageStream;
  readonly message: Message;
}

type BodyOf<Type extends StreamMessage['type']> = Omit<
  Extract<StreamMessage, { readonly type: Type }>,
  'seriesId' | 'sequence' | 'at'
>;
type Body = { [Type in StreamMessage['type']]: BodyOf<Type> }[StreamMessage['type']];

/** One book: its state, and the messages that tell how it changes. */
export class BookFeed {
  readonly seriesId: string;
  readonly streams: Readonly<Record<Channel, MessageStream>>;
  private readonly state: BookState;
  private readonly encoder: Encoder;
  private readonly snapshots = new Map<Channel, Message>();
  private changedAt: string | null = null;
  /** Since the last messages: levels by price, so that only the last state of each is sent. */
  private bids = new Map<number, WireLevel>();
  private asks = new Map<number, WireLevel>();
  private trades: WireTrade[] = [];
  private top: string;
  private isStatusNew = false;
  /** Of phases that were passed through since the last messages; none of them is left out. */
  private passed: Sent[] = [];

  constructor(book: ShownBook, { encoder, start, changeCountMax }: BookFeedOptions) {
    this.seriesId = book.seriesId;
    this.encoder = encoder;
    this.state = new BookState(book);
    this.top = JSON.stringify(this.topBody());
    const stream = (): MessageStream => new MessageStream(start, changeCountMax);
    this.streams = { l1: stream(), l2: stream(), trades: stream(), status: stream() };
  }

  /** The highest number that any message has. */
  get sequenceMax(): number {
    return Math.max(...channels.map((channel) => this.streams[channel].sequence));
  }

  /** @throws where an update is missing */
  apply(update: BookUpdate, at: string): void {
    if (update.kind === 'phase' && this.isStatusNew) {
      this.passed.push(this.publish('status', 1, this.statusBody()));
      this.isStatusNew = false;
    }
    this.state.apply(update);
    this.changedAt = at;
    if (update.kind === 'level') {
      const changed = update.side === 'buy' ? this.bids : this.asks;
      changed.set(update.priceTicks, wireLevel(update));
    } else if (update.kind === 'trade') {
      const { tradeNumber, priceTicks, quantityLots, takerSide } = update;
      this.trades.push({ tradeNumber, priceTicks, quantityLots, takerSide, executedAt: at });
    } else {
      this.isStatusNew = true;
    }
  }

  /** The messages that tell what changed since the last ones, in order. */
  publishChanges(): readonly Sent[] {
    const sent = this.passed;
    this.passed = [];
    if (this.isStatusNew) {
      sent.push(this.publish('status', 1, this.statusBody()));
      this.isStatusNew = false;
    }
    if (this.trades.length > 0) {
      const { trades } = this;
      sent.push(this.publish('trades', trades.length, { type: 'trades', trades }));
      this.trades = [];
    }
    if (this.bids.size + this.asks.size > 0) {
      const [bids, asks] = [[...this.bids.values()], [...this.asks.values()]];
      sent.push(this.publish('l2', bids.length + asks.length, { type: 'l2', bids, asks }));
      this.bids = new Map();
      this.asks = new Map();
    }
    const body = this.topBody();
    const top = JSON.stringify(body);
    if (top !== this.top) {
      sent.push(this.publish('l1', 1, body));
      this.top = top;
    }
    return sent;
  }

  /** Where the channel stands, for those who begin with it; null for trades, which have no state. */
  snapshot(channel: Channel): Message | null {
    if (channel === 'trades') {
      return null;
    }
    const { sequence } = this.streams[channel];
    const known = this.snapshots.get(channel);
    if (known?.sequence === sequence) {
      return known;
    }
    const body =
      channel === 'l1' ? this.topBody() : channel === 'l2' ? this.depthBody() : this.statusBody();
    const snapshot = this.messageOf(body, sequence);
    this.snapshots.set(channel, snapshot);
    return snapshot;
  }

  private publish(channel: Channel, changeCount: number, body: Body): Sent {
    const stream = this.streams[channel];
    const message = stream.publish(changeCount, (sequence) => this.messageOf(body, sequence));
    return { stream, message };
  }

  private messageOf({ type, ...rest }: Body, sequence: number): Message {
    const { seriesId, changedAt: at } = this;
    const message = { type, seriesId, sequence, at, ...rest } as StreamMessage;
    return new Message(this.encoder, message);
  }

  private topBody(): BodyOf<'l1'> {
    const { bids, asks, lastPriceTicks } = this.state;
    return { type: 'l1', bid: bestOf(bids.best()), ask: bestOf(asks.best()), lastPriceTicks };
  }

  private depthBody(): BodyOf<'l2-snapshot'> {
    const [bids, asks] = [this.state.bids.all(), this.state.asks.all()];
    return { type: 'l2-snapshot', bids: bids.map(wireLevel), asks: asks.map(wireLevel) };
  }

  private statusBody(): BodyOf<'status'> {
    const { phase, auction } = this.state;
    return { type: 'status', phase, auction };
  }
}

function bestOf(level: ShownLevel | null): WireLevel | null {
  return level && wireLevel(level);
}

function wireLevel({ priceTicks, lots, orders }: ShownLevel): WireLevel {
  return [priceTicks, lots, orders];
}
