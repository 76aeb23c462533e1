import { BookFeed } from './book-feed.js';
import { emptyBook } from './book-state.js';
import type { BookListener, BookUpdate, ShownBook } from '../shard/book-update.js';
import { Encoder, type Subscriber } from './message-stream.js';
import {
  channels,
  type Channel,
  type HeartbeatMessage,
  type SubscribedMessage,
} from './messages.js';

export interface MarketDataHubOptions {
  /**
   * Where sequences begin when books are opened: more than any that an earlier writer gave. Microseconds of the clock
   * will do, since no channel has a million messages a second.
   */
  readonly firstSequence: () => number;
  /** So many changes of each channel are kept for those who resume. */
  readonly changeCountMax: number;
  /** Called when the shard told something that cannot be; all books are closed by then. */
  readonly onFault: (error: unknown) => void;
}

export interface Subscription {
  readonly channel: Channel;
  readonly seriesId: string;
}

export interface SubscriptionRequest extends Subscription {
  /** The last message that the subscriber has. */
  readonly from?: number | undefined;
}

/**
 * The public market data: what the shard tells, numbered, and who is sent it.
 *
 * H1: each channel of a book has one sequence without gaps, and a number names one message, whoever wrote it.
 * H2: a snapshot of a number is the state after the message of that number.
 * H3: a message is encoded once, and all its subscribers are given the same bytes.
 * H4: nothing is sent of a book that is not kept up to date.
 */
export class MarketDataHub implements BookListener {
  /** Called when there is something to flush, and not again before it is flushed. */
  onChanged: () => void = () => undefined;
  private readonly options: MarketDataHubOptions;
  private readonly encoder = new Encoder();
  private readonly feeds = new Map<string, BookFeed>();
  private readonly changed = new Set<BookFeed>();
  private waiting: { readonly subscriber: Subscriber; readonly request: SubscriptionRequest }[] =
    [];
  private isWriting = false;
  /** Higher than any number that was given here. */
  private nextStart = 0;

  constructor(options: MarketDataHubOptions) {
    this.options = options;
  }

  /** Whether the books are kept up to date here. */
  get isOpen(): boolean {
    return this.isWriting;
  }

  /** How many subscriptions there are. */
  get subscriptionCount(): number {
    const feeds = [...this.feeds.values()];
    const streams = feeds.flatMap((feed) => channels.map((channel) => feed.streams[channel]));
    return streams.reduce((sum, { subscribers }) => sum + subscribers.size, this.waiting.length);
  }

  /** How many messages were encoded. */
  get encodedCount(): number {
    return this.encoder.count;
  }

  opened(books: readonly ShownBook[]): void {
    this.isWriting = true;
    for (const book of books) {
      const before = this.feeds.get(book.seriesId);
      if (before) {
        this.drop([before]);
      }
      this.open(book);
    }
  }

  updated(updates: readonly BookUpdate[], at: string): void {
    if (!this.isWriting) {
      return;
    }
    const wasClean = this.changed.size === 0;
    try {
      for (const update of updates) {
        const feed = this.feedOf(update);
        feed.apply(update, at);
        this.changed.add(feed);
      }
    } catch (error) {
      // The shard goes on; what cannot be trusted is not shown.
      this.closed();
      this.options.onFault(error);
      return;
    }
    if (wasClean && this.changed.size > 0) {
      this.onChanged();
    }
  }

  closed(): void {
    this.isWriting = false;
    this.drop([...this.feeds.values()]);
  }

  /** Sends what changed since the last time. */
  flush(): void {
    const reached = new Set<Subscriber>();
    for (const feed of this.changed) {
      for (const { stream, message } of feed.publishChanges()) {
        for (const subscriber of stream.subscribers) {
          subscriber.take(message.bytes);
          reached.add(subscriber);
        }
      }
    }
    this.changed.clear();
    reached.forEach((subscriber) => subscriber.flush());
    const { waiting } = this;
    this.waiting = [];
    waiting.forEach(({ subscriber, request }) => this.serve(subscriber, request));
  }

  /** Tells every subscriber of a book where its channels stand. */
  heartbeat(at: string): void {
    this.flush();
    const reached = new Set<Subscriber>();
    for (const { seriesId, streams } of this.feeds.values()) {
      const subscribers = new Set(channels.flatMap((channel) => [...streams[channel].subscribers]));
      if (subscribers.size === 0) {
        continue;
      }
      const { l1, l2, trades, status } = streams;
      const bytes = this.encoder.encode({
        type: 'heartbeat',
        seriesId,
        at,
        sequences: {
          l1: l1.sequence,
          l2: l2.sequence,
          trades: trades.sequence,
          status: status.sequence,
        },
      } satisfies HeartbeatMessage);
      subscribers.forEach((subscriber) => {
        subscriber.take(bytes);
        reached.add(subscriber);
      });
    }
    reached.forEach((subscriber) => subscriber.flush());
  }

  /**
   * From now on the subscriber is sent the channel, after what it missed or a snapshot; who is subscribed already starts
   * over. False where there is no such book.
   */
  subscribe(subscriber: Subscriber, request: SubscriptionRequest): boolean {
    if (!this.feeds.has(request.seriesId)) {
      return false;
    }
    this.unsubscribe(subscriber, request);
    if (this.changed.size > 0) {
      // The state is ahead of the numbers until the next flush.
      this.waiting.push({ subscriber, request });
    } else {
      this.serve(subscriber, request);
    }
    return true;
  }

  unsubscribe(subscriber: Subscriber, { channel, seriesId }: Subscription): void {
    this.feeds.get(seriesId)?.streams[channel].subscribers.delete(subscriber);
    this.waiting = this.waiting.filter(
      (each) =>
        each.subscriber !== subscriber ||
        each.request.channel !== channel ||
        each.request.seriesId !== seriesId,
    );
  }

  private serve(subscriber: Subscriber, { channel, seriesId, from }: SubscriptionRequest): void {
    const feed = this.feeds.get(seriesId);
    if (!feed) {
      return;
    }
    const stream = feed.streams[channel];
    const missed = from === undefined ? null : stream.since(from);
    const answer: SubscribedMessage = {
      type: 'subscribed',
      channel,
      seriesId,
      sequence: missed && from !== undefined ? from : stream.sequence,
      isResumed: missed !== null,
    };
    subscriber.take(this.encoder.encode(answer));
    for (const message of missed ?? [feed.snapshot(channel)]) {
      if (message) {
        subscriber.take(message.bytes);
      }
    }
    stream.subscribers.add(subscriber);
    subscriber.flush();
  }

  /** @throws where the book is not known and does not begin here */
  private feedOf(update: BookUpdate): BookFeed {
    const known = this.feeds.get(update.seriesId);
    if (known) {
      return known;
    }
    if (update.kind !== 'phase') {
      throw new Error(`the book ${update.seriesId} does not begin with its phase`);
    }
    return this.open(emptyBook(update.seriesId, update.phase));
  }

  private open(book: ShownBook): BookFeed {
    const { firstSequence, changeCountMax } = this.options;
    const start = Math.max(firstSequence(), this.nextStart);
    const feed = new BookFeed(book, { encoder: this.encoder, start, changeCountMax });
    this.feeds.set(book.seriesId, feed);
    return feed;
  }

  private drop(feeds: readonly BookFeed[]): void {
    const subscribers = new Set(
      feeds.flatMap(({ streams }) => channels.flatMap((each) => [...streams[each].subscribers])),
    );
    for (const feed of feeds) {
      this.feeds.delete(feed.seriesId);
      this.changed.delete(feed);
      // Who has the last message of the old numbers must not take it for the beginning of the new ones.
      this.nextStart = Math.max(this.nextStart, feed.sequenceMax + 1);
    }
    const isDropped = ({ seriesId }: Subscription): boolean => !this.feeds.has(seriesId);
    for (const { subscriber, request } of this.waiting) {
      if (isDropped(request)) {
        subscribers.add(subscriber);
      }
    }
    this.waiting = this.waiting.filter(({ request }) => !isDropped(request));
    subscribers.forEach((subscriber) => subscriber.end());
  }
}
