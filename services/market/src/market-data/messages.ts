/** What can be subscribed to, for each book. */
export const channels = ['l1', 'l2', 'trades', 'status'] as const;
export type Channel = (typeof channels)[number];

/** Price in ticks, lots, number of orders; no lots mean that the level is gone. */
export type WireLevel = readonly [priceTicks: number, lots: number, orders: number];

export interface WireTrade {
  readonly tradeNumber: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly takerSide: 'buy' | 'sell' | 'none';
  readonly executedAt: string;
}

export interface WireAuction {
  readonly priceTicks: number;
  readonly volumeLots: number;
  readonly imbalanceLots: number;
  readonly isFinal: boolean;
}

interface OfStream<Type extends string> {
  readonly type: Type;
  readonly seriesId: string;
  /** Of the channel of the book: each message has one more than the one before it. */
  readonly sequence: number;
  /** When it last changed; null where that was before this instance took over. */
  readonly at: string | null;
}

/** The best prices and the last one; whole in every message. */
export interface TopMessage extends OfStream<'l1'> {
  readonly bid: WireLevel | null;
  readonly ask: WireLevel | null;
  readonly lastPriceTicks: number | null;
}

/** The whole book, best prices first. */
export interface DepthSnapshotMessage extends OfStream<'l2-snapshot'> {
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
}

/** The levels that changed, as they are now, in no order. */
export interface DepthMessage extends OfStream<'l2'> {
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
}

export interface TradesMessage extends OfStream<'trades'> {
  readonly trades: readonly WireTrade[];
}

/** Phase and auction; whole in every message. */
export interface StatusMessage extends OfStream<'status'> {
  readonly phase: string;
  readonly auction: WireAuction | null;
}

export type StreamMessage =
  TopMessage | DepthSnapshotMessage | DepthMessage | TradesMessage | StatusMessage;

export interface SubscribedMessage {
  readonly type: 'subscribed';
  readonly channel: Channel;
  readonly seriesId: string;
  /** The next message of the channel that follows in order has one more; a snapshot has this one. */
  readonly sequence: number;
  /** Whether everything since `from` follows; otherwise start over. */
  readonly isResumed: boolean;
}

export interface UnsubscribedMessage {
  readonly type: 'unsubscribed';
  readonly channel: Channel;
  readonly seriesId: string;
}

export interface HeartbeatMessage {
  readonly type: 'heartbeat';
  readonly seriesId: string;
  readonly at: string;
  /** Of the last message of each channel. */
  readonly sequences: Readonly<Record<Channel, number>>;
}

export interface PongMessage {
  readonly type: 'pong';
  readonly at: string;
}

export interface ErrorMessage {
  readonly type: 'error';
  readonly code: FeedErrorCode;
  readonly detail: string;
}

export type ServerMessage =
  | StreamMessage
  | SubscribedMessage
  | UnsubscribedMessage
  | HeartbeatMessage
  | PongMessage
  | ErrorMessage;

/** What is wrong with a message of a client, and what to do; the connection stays open. */
export const feedErrors = {
  message_malformed: 'Send one JSON object as a text message.',
  message_invalid:
    'Send {"op":"subscribe"|"unsubscribe","channel":"l1"|"l2"|"trades"|"status","seriesId":"<uuid>"}, a subscription with "from" to resume, or {"op":"ping"}; no other fields.',
  book_unknown: 'There is no book for this series; GET /books lists those that are open.',
  too_many_subscriptions:
    'Unsubscribe from what you do not need, or open another connection for it.',
  not_subscribed: 'There was no such subscription; nothing was changed.',
} as const;
export type FeedErrorCode = keyof typeof feedErrors;

/** Why the service ends a connection. */
export const feedEnds = {
  going_away: { code: 1001, remedy: 'The instance stops; connect again, and resume.' },
  slow_consumer: {
    code: 4000,
    remedy: 'You read slower than messages come; subscribe to less, or read faster, and resume.',
  },
  silent: {
    code: 4001,
    remedy: 'You answered no ping; answer pings, connect again, and resume.',
  },
  too_many_messages: {
    code: 4002,
    remedy: 'You sent too many messages; send fewer, and connect again later.',
  },
  not_writing: {
    code: 4003,
    remedy: 'The books moved to another writer; connect again, and resume.',
  },
} as const;
export type FeedEnd = keyof typeof feedEnds;
