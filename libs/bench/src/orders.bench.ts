import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, type Platform } from '@specie/local-platform';
import pg from 'pg';
import { ownResult, percentile, twoDigits, type BenchReport, type Progress } from './bench.js';
import { measureOwnAppend } from './append.bench.js';
import {
  admit,
  callerOf,
  inTurns,
  pause,
  timed,
  untilTaken,
  type BenchCaller,
} from './bench-platform.js';
import { OrderEntryClient } from './order-entry-client.js';
import { mintSeries } from './minted-series.js';

export interface OrdersOptions {
  readonly buyerCount?: number;
  readonly secondsPerRound?: number;
  readonly roundCount?: number;
  readonly progress?: Progress;
}

const warmUpSeconds = 2;
/** Requests under way on each connection. */
const inFlightCount = 32;
/** The rate at which the latency of order entry is stated. */
const pacedRate = 2_000;
const pacedSeconds = 5;
const bid = { side: 'buy', kind: 'limit', timeInForce: 'GTC', priceTicks: 10_000 };
const offer = { ...bid, side: 'sell' };
const lotsPerBid = 10;
/** Callers of the one seller; each of their orders meets as many bids as there are buyers for each of them. */
const sellerCallerCount = 16;

/**
 * Orders per second while many buyers and one seller trade in one book, all settled and durable: over WebSocket with many
 * requests under way on each connection, and over HTTP with one. Each also as a ratio to bare appends of as many events
 * in the same run. Besides, how often the market asks the database for eligibility.
 */
export async function runOrders(options: OrdersOptions = {}): Promise<BenchReport> {
  const {
    buyerCount = 48,
    secondsPerRound = 3,
    roundCount = 3,
    progress = () => undefined,
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'specie-bench-orders-'));
  const counter = new URL('count-statements.js', import.meta.url).href;
  const platform = await startPlatform({
    transport: 'postgres',
    onProgress: progress,
    env: {
      RATE_LIMIT_PER_SECOND: '0',
      NODE_OPTIONS: `--import ${counter}`,
      BENCH_COUNT_FOLDER: folder,
      BENCH_COUNT_PATTERN: '^\\s*(select|with)\\b[^]*\\beligibility\\b',
    },
  });
  try {
    const { seriesId, seller, buyers } = await openMarket(platform, buyerCount);
    progress(`${buyerCount} buyers and a seller`);
    const eligibilityCount = countOf(platform, folder);
    const place = (party: BenchCaller, order: typeof bid, quantityLots: number): Promise<unknown> =>
      party.post('market', '/orders', { ...order, seriesId, quantityLots });

    await inTurns(buyerCount, async (index) => place(at(buyers, index), bid, 1));
    const before = eligibilityCount();
    await place(seller, offer, buyerCount);
    const ofOneOrder = eligibilityCount() - before;

    const lotsPerOffer = (lotsPerBid * buyerCount) / sellerCallerCount;
    const callers = [
      ...buyers.map((buyer) => () => place(buyer, bid, lotsPerBid)),
      ...Array.from({ length: sellerCallerCount }, () => () => place(seller, offer, lotsPerOffer)),
    ];
    await measure(callers, warmUpSeconds);
    const rounds: Round[] = [];
    for (let round = 1; round <= roundCount; round += 1) {
      const asked = eligibilityCount();
      const measured = await measure(callers, secondsPerRound);
      rounds.push({
        ...measured,
        asked: (eligibilityCount() - asked) / measured.count,
      });
      progress(`round ${round}: ${Math.round(measured.rate)} orders/s`);
    }
    const http = medianOf(rounds);

    const clients = await Promise.all([
      ...buyers.map((buyer) => OrderEntryClient.connect(buyer)),
      ...Array.from({ length: sellerCallerCount }, () => OrderEntryClient.connect(seller)),
    ]);
    const placeOn = (client: OrderEntryClient, index: number) => (): Promise<void> =>
      index < buyerCount
        ? client.place({ ...bid, seriesId, quantityLots: lotsPerBid })
        : client.place({ ...offer, seriesId, quantityLots: lotsPerOffer });
    const senders = clients.map(placeOn);
    const pipelined = senders.flatMap((send) => Array.from({ length: inFlightCount }, () => send));
    await measure(pipelined, warmUpSeconds);
    const webSocketRounds: Omit<Round, 'asked'>[] = [];
    const eventsBefore = await eventCount(platform);
    let placed = 0;
    for (let round = 1; round <= roundCount; round += 1) {
      const measured = await measure(pipelined, secondsPerRound);
      placed += measured.count;
      webSocketRounds.push(measured);
      progress(`round ${round}: ${Math.round(measured.rate)} orders/s by WebSocket`);
    }
    const eventsPerOrder = ((await eventCount(platform)) - eventsBefore) / placed;
    const webSocket = medianOf(webSocketRounds);
    const paced = await pacedLatency(senders, { perSecond: pacedRate, seconds: pacedSeconds });
    clients.forEach((client) => client.close());
    progress(`${Math.round(pacedRate)} orders/s: p99 ${paced.toFixed(1)} ms`);
    const append = await measureOwnAppend(secondsPerRound);
    const ratioOf = (rate: number): number => (rate * eventsPerOrder) / append;
    return {
      results: [
        {
          ...ownResult('orders_ws', webSocket.rate, 'orders/s'),
          ...againstAppend(ratioOf(webSocket.rate), append),
        },
        ownResult('orders_ws_p50', webSocket.p50Ms, 'ms'),
        ownResult('orders_ws_p99', webSocket.p99Ms, 'ms'),
        ownResult('orders_ws_p99_ms', paced, 'ms'),
        {
          ...ownResult('orders_http', http.rate, 'orders/s'),
          ...againstAppend(ratioOf(http.rate), append),
        },
        ownResult('orders_http_p50', http.p50Ms, 'ms'),
        ownResult('orders_http_p99', http.p99Ms, 'ms'),
        ownResult('events_per_order', eventsPerOrder, 'events'),
        ownResult('eligibility_queries_per_order', http.asked, 'queries'),
        ownResult(`eligibility_queries_of_one_order_for_${buyerCount}`, ofOneOrder, 'queries'),
      ],
    };
  } finally {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function medianOf<R extends { readonly rate: number }>(rounds: readonly R[]): R {
  const median = rounds.toSorted((a, b) => a.rate - b.rate)[Math.floor(rounds.length / 2)];
  if (!median) throw new Error('no round was measured');
  return median;
}

function againstAppend(ratio: number, append: number) {
  return { peer: Math.round(append), peerName: 'bare append, events/s', ratio: twoDigits(ratio) };
}

/** How many events the market has recorded. */
async function eventCount(platform: Platform): Promise<number> {
  const client = new pg.Client({ connectionString: platform.databaseUrl('market') });
  await client.connect();
  const { rows } = await client.query<{ readonly count: string }>(
    'select max(position) as count from events',
  );
  await client.end();
  return Number(rows[0]?.count);
}

/** The 99th percentile of orders that are sent at a steady rate, whatever became of those before. */
async function pacedLatency(
  senders: readonly (() => Promise<void>)[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<number> {
  const taken: number[] = [];
  const sent: Promise<void>[] = [];
  const startMs = performance.now();
  for (let count = 0; count < perSecond * seconds;) {
    const due = Math.floor(((performance.now() - startMs) / 1_000) * perSecond);
    for (; count < due; count += 1) {
      const send = senders[count % senders.length];
      if (send) sent.push(timed(send).then((ms) => void taken.push(ms)));
    }
    await pause(1);
  }
  await Promise.all(sent);
  return percentile(taken, 0.99);
}

interface Round {
  readonly count: number;
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Queries for eligibility, for each order. */
  readonly asked: number;
}

interface OpenMarket {
  readonly seriesId: string;
  readonly seller: BenchCaller;
  readonly buyers: readonly BenchCaller[];
}

/** A book, buyers with cash and a seller with tokens in the market's escrow. */
async function openMarket(platform: Platform, buyerCount: number): Promise<OpenMarket> {
  const { seriesId, transfer } = await mintSeries(platform, 200_000);
  const operator = await callerOf(platform, ['market-operator']);
  const seller = await callerOf(platform, ['founder']);
  await admit(seller, 'company');
  const account = await transfer(seller, 100_000);
  await untilTaken(() =>
    seller.post('issuance', `/accounts/${account}/escrow-deposits`, {
      quantity: '100000.000000',
    }),
  );
  await operator.post('market', '/books', {
    seriesId,
    currency: 'USD',
    makerFeePpm: 1_000,
    takerFeePpm: 2_000,
    minimumLots: 1,
    maximumLots: 1_000_000,
  });
  const buyers = await inTurns(buyerCount, async () => {
    const buyer = await callerOf(platform, ['investor']);
    await admit(buyer, 'fund');
    const deposit = { partyId: buyer.partyId, currency: 'USD', amount: '1000000.000000' };
    await untilTaken(() => operator.post('market', '/cash-deposits', deposit));
    return buyer;
  });
  await untilTaken(async () => {
    const balances = await seller.get('market', `/parties/${seller.partyId}/balances`);
    if ((balances['tokens'] as readonly unknown[]).length === 0) throw new Error('no tokens yet');
    return balances;
  });
  return { seriesId, seller, buyers };
}

/** How many matching statements the market has sent so far. */
function countOf(platform: Platform, folder: string): () => number {
  const market = platform.processes.find(({ name }) => name === 'market');
  return () => statSync(join(folder, String(market?.pid))).size;
}

/** Every caller sends one order after another. */
async function measure(
  callers: readonly (() => Promise<unknown>)[],
  seconds: number,
): Promise<Omit<Round, 'asked'>> {
  const taken: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  await Promise.all(
    callers.map(async (place) => {
      while (performance.now() < endMs) {
        taken.push(await timed(place));
      }
    }),
  );
  return {
    count: taken.length,
    rate: taken.length / ((performance.now() - startMs) / 1_000),
    p50Ms: percentile(taken, 0.5),
    p99Ms: percentile(taken, 0.99),
  };
}

function at(buyers: readonly BenchCaller[], index: number): BenchCaller {
  const buyer = buyers[index];
  if (buyer === undefined) throw new Error(`no buyer ${index}`);
  return buyer;
}
