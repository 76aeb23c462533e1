import { described, fields, named } from '@specie/contracts';
import { z } from 'zod';
import {
  channels,
  feedEnds,
  feedErrors,
  type ErrorMessage,
  type FeedErrorCode,
  type HeartbeatMessage,
  type PongMessage,
  type StreamMessage,
  type SubscribedMessage,
  type UnsubscribedMessage,
} from './messages.js';

const channel = z.enum(channels).meta({
  description:
    '`l1`: best prices; `l2`: the whole book by price; `trades`: the tape; `status`: phase and auction.',
});
const sequence = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({
    description:
      'Of the channel of the book; each message has one more than the one before it. It begins anywhere.',
    examples: [1_772_366_400_000_017],
  });
const at = described(fields.instant, 'When it last changed.');
const level = z
  .tuple([
    fields.ticks,
    z.int().min(0).meta({ description: 'Lots at the price; 0 where the level is gone.' }),
    fields.count,
  ])
  .meta({
    description: 'Price in ticks, lots, number of orders.',
    examples: [[25_000, 2_000, 2]],
  });
const levels = (meaning: string) => z.array(level).meta({ description: meaning });
const stream = {
  seriesId: named.seriesId,
  sequence,
  at: described(at, 'Null where that was before the instance took over.').nullable(),
};

const subscription = { channel, seriesId: named.seriesId };
/** What clients send. */
export const clientMessages = {
  subscribe: z.strictObject({
    op: z.literal('subscribe').meta({ description: 'Subscribe, or start over.' }),
    ...subscription,
    from: described(
      sequence,
      'The last message that you have; what came after it follows.',
    ).optional(),
  }),
  unsubscribe: z.strictObject({
    op: z.literal('unsubscribe').meta({ description: 'End a subscription.' }),
    ...subscription,
  }),
  ping: z.strictObject({ op: z.literal('ping').meta({ description: 'Ask for a pong.' }) }),
} as const;
export const clientMessage = z.discriminatedUnion('op', [
  clientMessages.subscribe,
  clientMessages.unsubscribe,
  clientMessages.ping,
]);
export type ClientMessage = z.output<typeof clientMessage>;

type StreamType = StreamMessage['type'];
const type = <Type extends string>(name: Type) =>
  z.literal(name).meta({ description: 'What the message is.' });

const streamMessages = {
  l1: z.strictObject({
    type: type('l1'),
    ...stream,
    bid: level.meta({ description: 'The best bid; null without any.' }).nullable(),
    ask: level.meta({ description: 'The best offer; null without any.' }).nullable(),
    lastPriceTicks: described(
      fields.ticks,
      'The price of the last trade; null before the first.',
    ).nullable(),
  }),
  'l2-snapshot': z.strictObject({
    type: type('l2-snapshot'),
    ...stream,
    bids: levels('Every bid, the highest first.'),
    asks: levels('Every offer, the lowest first.'),
  }),
  l2: z.strictObject({
    type: type('l2'),
    ...stream,
    bids: levels('The bids that changed, as they are now.'),
    asks: levels('The offers that changed, as they are now.'),
  }),
  trades: z.strictObject({
    type: type('trades'),
    ...stream,
    trades: z
      .array(
        z.strictObject({
          tradeNumber: z
            .int()
            .min(1)
            .meta({
              description: 'Trades of the shard, counted from 1; not without gaps in one book.',
              examples: [2],
            }),
          priceTicks: named.priceTicks,
          quantityLots: named.quantityLots,
          takerSide: z
            .enum(['buy', 'sell', 'none'])
            .meta({ description: 'Who met a resting order; `none` in an auction.' }),
          executedAt: described(fields.instant, 'When.'),
        }),
      )
      .meta({ description: 'In the order in which they happened.' }),
  }),
  status: z.strictObject({
    type: type('status'),
    ...stream,
    phase: named.tradingPhase,
    auction: z
      .strictObject({
        priceTicks: named.priceTicks,
        volumeLots: described(fields.lots, 'How much trades at the price.'),
        imbalanceLots: z
          .int()
          .meta({ description: 'Demand less supply at the price, in lots.', examples: [-500] }),
        isFinal: z
          .boolean()
          .meta({ description: 'Whether it took place; otherwise it is what it would come to.' }),
      })
      .meta({ description: 'The auction that is on, or the last one; null without any.' })
      .nullable(),
  }),
} satisfies {
  readonly [T in StreamType]: z.ZodType<Omit<Extract<StreamMessage, { type: T }>, 'phase'>>;
};

/** What the service sends. */
export const serverMessages = {
  subscribed: z.strictObject({
    type: type('subscribed'),
    ...subscription,
    sequence: described(sequence, 'Of the snapshot, or of the message before the next one.'),
    isResumed: z
      .boolean()
      .meta({ description: 'Whether everything since `from` follows; otherwise start over.' }),
  }) satisfies z.ZodType<SubscribedMessage>,
  ...streamMessages,
  unsubscribed: z.strictObject({
    type: type('unsubscribed'),
    ...subscription,
  }) satisfies z.ZodType<UnsubscribedMessage>,
  heartbeat: z.strictObject({
    type: type('heartbeat'),
    seriesId: named.seriesId,
    at: described(fields.instant, 'Now.'),
    sequences: z
      .strictObject({ l1: sequence, l2: sequence, trades: sequence, status: sequence })
      .meta({ description: 'Of the last message of each channel.' }),
  }) satisfies z.ZodType<HeartbeatMessage>,
  pong: z.strictObject({
    type: type('pong'),
    at: described(fields.instant, 'Now.'),
  }) satisfies z.ZodType<PongMessage>,
  error: z.strictObject({
    type: type('error'),
    code: z
      .enum(Object.keys(feedErrors) as [FeedErrorCode, ...FeedErrorCode[]])
      .meta({ description: 'What is wrong.' }),
    detail: z
      .string()
      .max(500)
      .meta({
        description: 'What to do about it.',
        examples: [feedErrors.book_unknown],
      }),
  }) satisfies z.ZodType<ErrorMessage>,
} as const;

/** For the document: why a connection ends, by close code. */
export const closeCodes = feedEnds;
