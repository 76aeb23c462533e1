import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, type Platform } from '@specie/local-platform';
import { ownResult, percentile, type BenchReport, type Progress } from './bench.js';
import { admit, callerOf, inTurns, timed, untilTaken, type BenchCaller } from './bench-platform.js';
import { mintSeries } from './minted-series.js';

export interface OrdersOptions {
  readonly buyerCount?: number;
  readonly secondsPerRound?: number;
  readonly roundCount?: number;
  readonly progress?: Progress;
}

const warmUpSeconds = 2;
const bid = { side: 'buy', kind: 'limit', timeInForce: 'GTC', priceTicks: 10_000 };
const offer = { ...bid, side: 'sell' };
const lotsPerBid = 10;
/** Callers of the one seller; each of their orders meets as many bids as there are buyers for each of them. */
const sellerCallerCount = 16;

/**
 * Orders per second over HTTP while many buyers and one seller trade in one book, all settled and durable, and how often
 * the market asks the database for eligibility: for the orders of a round, and for one order that meets every buyer.
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
    const median = rounds.toSorted((a, b) => a.rate - b.rate)[Math.floor(roundCount / 2)];
    return {
      results: [
        ownResult('orders', Math.round(median?.rate ?? 0), 'orders/s'),
        ownResult('orders_p50', median?.p50Ms ?? 0, 'ms'),
        ownResult('orders_p99', median?.p99Ms ?? 0, 'ms'),
        ownResult('eligibility_queries_per_order', median?.asked ?? 0, 'queries'),
        ownResult(`eligibility_queries_of_one_order_for_${buyerCount}`, ofOneOrder, 'queries'),
      ],
    };
  } finally {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
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
    makerFeeBps: 10,
    takerFeeBps: 20,
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
