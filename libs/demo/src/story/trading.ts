import { randomUUID } from 'node:crypto';
import type { Actor, Json } from '../api-client.js';
import type { Issued } from './capacity.js';
import { postOnceKnown, type Stage } from './stage.js';

export interface Traded {
  readonly trades: readonly Json[];
  /** Whole tokens the startup put into the market. */
  readonly escrowed: bigint;
}

const escrowed = 6_000n;
const ticksPerDollar = 10_000;
const lotsPerToken = 100;

/** The startup sells part of its tokens: escrow, orders, delivery versus payment, withdrawal. */
export async function tradeOnTheMarket(
  { api, cast, say }: Stage,
  { seriesId }: Issued,
): Promise<Traded> {
  const { startup, investors, marketOperator } = cast;
  const [fund, person] = investors;
  const book = {
    seriesId,
    currency: 'USD',
    makerFeePpm: 1_000,
    takerFeePpm: 2_000,
    minimumLots: 1,
    maximumLots: 100_000_000,
  };
  await postOnceKnown(api, {
    actor: marketOperator,
    service: 'market',
    path: '/books',
    body: book,
  });
  const account = await accountOf({ api, seriesId }, startup);
  // One id for whatever may be named: its kind and its owner keep apart what it stands for.
  const id = randomUUID();
  await api.post(startup, 'issuance', `/accounts/${account}/escrow-deposits`, {
    movementId: id,
    quantity: `${escrowed}.000000`,
  });
  for (const [investor, amount] of [
    [fund, '10000.000000'],
    [person, '5000.000000'],
  ] as const) {
    const body = {
      partyId: investor.partyId,
      currency: 'USD',
      amount,
      ...(investor === fund ? { depositId: id } : {}),
    };
    await postOnceKnown(api, {
      actor: marketOperator,
      service: 'market',
      path: '/cash-deposits',
      body,
    });
  }
  await api.until(
    { actor: startup, service: 'market', path: `/parties/${startup.partyId}/balances` },
    (balances) =>
      (balances['tokens'] as readonly Json[]).some((row) => row['seriesId'] === seriesId),
  );
  say(`${startup.name} put ${escrowed} tokens into the market's escrow`);

  const order = (
    actor: Actor,
    side: 'buy' | 'sell',
    dollars: number,
    tokens: number,
    { kind = 'limit', orderId }: { readonly kind?: string; readonly orderId?: string } = {},
  ): Promise<Json> =>
    postOnceKnown(api, {
      actor,
      service: 'market',
      path: '/orders',
      body: {
        ...(orderId === undefined ? {} : { orderId }),
        seriesId,
        side,
        kind,
        timeInForce: kind === 'market' ? 'IOC' : 'GTC',
        priceTicks: Math.round(dollars * ticksPerDollar),
        quantityLots: tokens * lotsPerToken,
      },
    });
  await order(startup, 'sell', 2.5, 2_000, { orderId: id });
  await order(startup, 'sell', 2.55, 2_000);
  await order(fund, 'buy', 2.4, 1_000, { orderId: id });
  await order(fund, 'buy', 2.52, 2_500);
  await order(person, 'buy', 2.6, 700, { kind: 'market' });
  await order(person, 'buy', 2.45, 300);
  const trades = await api.list(marketOperator, 'market', `/trades?seriesId=${seriesId}`);
  say(`${trades.length} trades, each settled with its match`);

  await api.post(fund, 'market', '/token-withdrawals', {
    withdrawalId: id,
    seriesId,
    quantity: '1000.000000',
  });
  await api.until(
    { actor: fund, service: 'market', path: `/token-withdrawals/${id}` },
    (withdrawal) => withdrawal['status'] === 'completed',
  );
  say(`${fund.name} withdrew 1000 tokens into its own account`);
  return { trades, escrowed };
}

/** The token account of a party in the series of the story. */
export async function accountOf(
  { api, seriesId }: { readonly api: Stage['api']; readonly seriesId: string },
  actor: Actor,
): Promise<string> {
  const [account] = await api.list(
    actor,
    'issuance',
    `/accounts?partyId=${actor.partyId}&seriesId=${seriesId}`,
  );
  if (!account) throw new Error(`${actor.name} has no account in the series`);
  return String(account['accountId']);
}
