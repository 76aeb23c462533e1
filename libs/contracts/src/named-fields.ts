import { z } from 'zod';
import { described } from './described.js';
import {
  atomQuantity,
  bps,
  count,
  day,
  exampleId,
  externalId,
  gpuSecondQuantity,
  id,
  instant,
  lots,
  microDollars,
  moneyQuantity,
  ppm,
  reasonCode,
  sha256Hex,
  shareQuantity,
  sku,
  ticks,
  tokenQuantity,
} from './fields.js';

export * from './book-fields.js';
export * from './calendar-fields.js';

// Fields that mean the same wherever they stand, in events and in the API alike.

/** The id of one kind of thing; the number tells its example from others. */
function idOf(number: number, meaning: string): typeof id {
  return described(id, meaning, exampleId(number));
}

export const partyId = idOf(
  2,
  'The party: a person, company, fund or provider known to compliance.',
);
export const providerId = idOf(3, 'The compute provider; its id is that of its party.');
export const companyId = idOf(4, 'The company whose shares these are.');
export const companyPartyId = idOf(5, 'The party of the company.');
export const providerPartyId = idOf(6, 'The party of the provider.');
export const holderPartyId = idOf(7, 'The party that holds the shares.');
export const counterPartyId = idOf(8, 'The party on the other side of the movement.');
export const fromPartyId = idOf(9, 'The party that gives the tokens.');
export const toPartyId = idOf(10, 'The party that gets the tokens.');
export const buyerPartyId = idOf(11, 'The party that bought.');
export const sellerPartyId = idOf(12, 'The party that sold.');
export const registeredBy = idOf(13, 'Who registered the party; never the one who approves it.');
export const submittedBy = idOf(
  14,
  'Who filed the evidence; never the one who approves the party.',
);
export const attestedBy = idOf(15, 'The auditor who saw the capacity.');
export const resolvedBy = idOf(16, 'The officer who decided about the alert.');
export const requestedBy = idOf(17, 'Who asked for it.');
export const proposedBy = idOf(18, 'The operator who proposed it.');
export const approvedBy = idOf(
  19,
  'Who approved it; another person than the one who asked for it.',
);

export const accountId = idOf(
  20,
  'The token account: one party and one series. It is derived from both, so everybody can compute it.',
);
export const treasuryAccountId = idOf(
  21,
  'The token account of the provider, into which it mints.',
);
export const seriesId = idOf(
  22,
  'The series of tokens: one provider, one delivery window, the same SKUs and rules.',
);
export const commitmentId = idOf(23, 'The commitment of capacity.');
export const mintId = idOf(24, 'The mint.');
export const movementId = idOf(25, 'The movement of tokens.');
export const lotId = idOf(26, 'The lot: tokens of an account that were received together.');
export const holdId = idOf(27, 'The hold on tokens; it has the id of its reservation.');
export const captureId = idOf(28, 'The capture of held tokens.');
export const grantId = idOf(29, 'The grant: the tokens of one tranche arriving at the startup.');
export const evidenceId = idOf(30, 'The piece of evidence.');
export const screeningId = idOf(
  31,
  'The screening: one comparison of a party with a sanctions list.',
);
export const classId = idOf(32, 'The class of shares.');
export const issuanceId = idOf(33, 'The issuance of shares.');
export const cancellationId = idOf(34, 'The cancellation of shares.');
export const dealId = idOf(35, 'The deal: tokens for equity.');
export const trancheId = idOf(
  36,
  'The tranche: a part of the deal that is delivered and paid on its own.',
);
export const orderId = idOf(37, 'The order.');
export const makerOrderId = idOf(38, 'The order that rested in the book.');
export const takerOrderId = idOf(39, 'The order that met it.');
export const tradeId = idOf(40, 'The trade.');
export const depositId = idOf(41, 'The deposit of cash.');
export const withdrawalId = idOf(42, 'The withdrawal.');
export const reservationId = idOf(43, 'The reservation of tokens for GPU time.');
export const requestId = idOf(44, 'The reconciliation.');
export const discardId = idOf(45, 'The discard of an event.');
export const eventId = idOf(46, 'The event.');

export const gpuCount = described(count, 'How many GPUs.', 8);
export const fromOn = described(day, 'The first day.', '2026-03-01');
export const toOn = described(day, 'The last day, included.', '2026-03-31');
export const windowFromOn = described(
  day,
  'The first day on which the tokens can be redeemed.',
  '2026-03-01',
);
export const windowToOn = described(
  day,
  'The last day on which the tokens can be redeemed, included.',
  '2026-03-31',
);
export const weightVersion = z
  .int()
  .min(1)
  .meta({
    description: 'The version of the H100-equivalence table that the weight is from.',
    examples: [1],
  });
export const weightPpm = described(
  ppm,
  'GPU-hours of an H100 SXM that one GPU-hour of the SKU counts for.',
  1_000_000,
);
export const uptimeHaircutBps = described(
  bps,
  'The part of the GPU time that is not promised, for failures and maintenance. 500 (5 %) is usual.',
  500,
);
export const tokensPerDay = described(
  tokenQuantity,
  'What the commitment backs on each of its days, after weight and haircut.',
  '182.400000',
);
export const skus = z
  .array(sku)
  .min(1)
  .max(32)
  .meta({ description: 'The GPU models on which the tokens can be redeemed.' });
export const region = described(externalId, 'Where the GPUs stand.', 'eu-north');
export const transferable = z
  .boolean()
  .meta({ description: 'Whether holders may transfer and trade the tokens.' });
export const outstanding = described(tokenQuantity, 'Minted and not burned yet.', '205200.000000');

export const accountKind = z.enum(['party', 'treasury', 'escrow']).meta({
  description:
    '`party`: an ordinary holder; `treasury`: the provider of the series; `escrow`: what is in the market.',
});
export const lockupEndsAt = described(
  instant,
  'Until then the tokens cannot be sent; null without a lock-up.',
).nullable();
export const draws = z
  .array(z.object({ lotId, quantity: described(tokenQuantity, 'How much of the lot.') }))
  .max(10_000)
  .meta({ description: 'From which lots of the account, in order.' });
export const captured = described(tokenQuantity, 'Used up by metered GPU time and burned.');
export const released = described(tokenQuantity, 'Given back unused when the hold was closed.');

export const directorPartyIds = z
  .array(id)
  .min(1)
  .max(16)
  .meta({ description: 'The directors: the parties who may approve for the board.' });
export const shareClassKind = z
  .enum(['common', 'preferred'])
  .meta({ description: 'The kind of shares.' });
export const authorised = described(shareQuantity, 'How many of the class may exist.', '12000000');
export const shares = described(shareQuantity, 'How many shares.');
export const equityPpm = described(
  ppm,
  'The part of the company that the shares make, of the fully diluted capitalization.',
);
export const fullyDiluted = described(
  shareQuantity,
  'All shares that count towards the percentage.',
  '11111111',
);
export const referencePrice = described(
  moneyQuantity,
  'The price of one token that the sides agreed on, for their books.',
);
export const termsHash = described(
  sha256Hex,
  'The hash of the terms: what is signed and approved.',
);
export const resolutionHash = described(sha256Hex, 'The hash of the resolution of the board.');
export const side = z.enum(['provider', 'company']).meta({ description: 'The side of the deal.' });

export const minimumLots = described(lots, 'The smallest order.', 1);
export const maximumLots = described(lots, 'The largest order.', 1_000_000);
export const orderSide = z
  .enum(['buy', 'sell'])
  .meta({ description: 'Whether tokens are bought or sold.' });
export const takerSide = z
  .enum(['buy', 'sell'])
  .meta({ description: 'The side of the order that met a resting one.' });
export const orderKind = z.enum(['limit', 'market', 'stop', 'stop_limit']).meta({
  description:
    '`limit` waits in the book for its price; `market` never rests, its price (0 for none) protects it; `stop` becomes a market order, `stop_limit` a limit order, once a trade reaches the stop price.',
});
export const timeInForce = z.enum(['GTC', 'DAY', 'GTD', 'IOC', 'FOK']).meta({
  description:
    '`GTC`: open until cancelled; `DAY`: until the book closes; `GTD`: until `expiresAt`; `IOC`: fill what is there, cancel the rest; `FOK`: fill all or nothing.',
});
export const clientOrderId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,35}$/,
    'Expected 1 to 36 letters, digits and . _ : - with a letter or digit first.',
  )
  .meta({
    description: 'Your own reference of the order; unique among your open orders.',
    examples: ['mm-1-000042'],
  });
export const selfTradePrevention = z
  .enum(['cancel_newest', 'cancel_oldest', 'cancel_both', 'decrement_and_cancel', 'none'])
  .meta({
    description:
      'What happens when the order meets another one of its party: which of them is cancelled; `decrement_and_cancel` takes the overlap from both.',
  });
export const postOnly = z.enum(['reject', 'slide']).meta({
  description:
    'The order never takes: `reject` refuses it where it would, `slide` moves its price just behind the best one.',
});
export const displayLots = described(
  lots,
  'How much of the order the book shows at a time (iceberg).',
  100,
);
export const stopPriceTicks = described(ticks, 'The price of a trade that triggers the order.');
export const expiresAt = described(instant, 'When the order expires.', '2026-03-31T16:00:00.000Z');
export const ocoOrderId = idOf(
  47,
  'One cancels the other: the resting limit order of the same side that ends as soon as this stop order triggers, and the other way round.',
);
export const quoteAmount = described(
  microDollars,
  'A market order by amount: how much to spend or to raise; the quantity is 0.',
  50_000_000,
);
export const reserved = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({
    description:
      'What is set aside for what is left of it: micro-dollars for a buy, micro-tokens for a sell.',
    examples: [50_100_000],
  });
export const filledLots = described(lots, 'What is filled.', 1_500);
export const priceTicks = described(ticks, 'The price, or the limit of it.');
export const quantityLots = described(lots, 'How much.');
export const leavesLots = described(lots, 'What is not filled yet.', 500);

export const usageSource = described(externalId, 'The meter that made the record.', 'slurm-eu-1');
export const recordId = described(
  externalId,
  'The record, unique indefinitely for its provider and source.',
  'job-4711',
);
export const fraction7000 = z
  .int()
  .min(1)
  .max(7_000)
  .meta({
    description:
      'The part of each GPU that was used, in 1/7000: 7000 is the whole GPU, 1000 is one of seven MIG slices.',
    examples: [7_000],
  });
export const startedAt = described(instant, 'When the use began.', '2026-03-01T08:00:00.000Z');
export const seconds = described(count, 'How long it lasted, in seconds.', 3_600);
export const usageCount = described(count, 'How many usage records.', 3);
export const gpuSeconds = described(gpuSecondQuantity, 'GPU time.');
export const atoms = described(atomQuantity, 'What the use counts, exactly.');
export const sliceNumber = z
  .int()
  .min(1)
  .meta({ description: 'The slices of a reservation, counted from 1.', examples: [1] });
export const capturedCumulative = described(
  tokenQuantity,
  'Captured of the reservation up to and with this slice.',
);

export const partyKind = z.enum(['person', 'company', 'fund', 'provider']).meta({
  description: 'What the party is; it decides which evidence is needed and what it may do.',
});
export const evidenceKind = z
  .enum(['identity', 'accreditation', 'incorporation', 'beneficial_ownership'])
  .meta({ description: 'What the document shows.' });
export const documentHash = described(
  sha256Hex,
  'The hash of the document; the document itself stays with the officers.',
);
export const evidenceExpiresAt = described(
  instant,
  'When the evidence ends to count.',
  '2027-03-01T00:00:00.000Z',
);
export const action = z.enum(['issue', 'grant', 'deal', 'trade', 'transfer', 'redeem']).meta({
  description:
    'What a party may do: issue tokens, be granted tokens, make deals, trade, transfer tokens, redeem them for GPU time.',
});
export const actions = z.array(action).max(6).meta({ description: 'What the party may do.' });
export const accredited = z
  .boolean()
  .meta({ description: 'Whether the party is an accredited investor.' });
export const validUntil = described(
  instant,
  'When this ends: with the first evidence it rests on.',
  '2027-03-01T00:00:00.000Z',
);
export const resolution = z.enum(['false_positive', 'true_match']).meta({
  description: '`false_positive`: somebody else of a similar name; `true_match`: the listed one.',
});
export const listVersion = described(sha256Hex, 'The sanctions list: the hash of its files.');
export const bestScorePpm = described(
  ppm,
  'How alike the best candidate is; an alert from the threshold on.',
  960_000,
);
export const candidateCount = described(count, 'How many entries of the list are alike enough.', 1);

export const digest = described(sha256Hex, 'The digest of all rows.');
export const rowCount = described(count, 'How many rows.', 42);
export const throughPosition = z
  .int()
  .min(0)
  .meta({
    description: 'The position in the log of the service up to which it counts.',
    examples: [379],
  });
export const collections = z
  .array(
    z.object({
      name: described(reasonCode, 'The collection.', 'accounts'),
      rowCount,
      digest,
    }),
  )
  .max(64)
  .meta({ description: 'The digest of each collection of rows.' });
