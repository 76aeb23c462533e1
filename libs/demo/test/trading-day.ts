import { startPlatform } from '@specie/local-platform';
import { formatMicro } from '@specie/quantities';
import { type Actor, ApiClient, ApiProblem, type Json, textOf } from '../src/api-client.js';
import { seeded } from './seeded.js';
import { auditEverything } from '../src/story/auditing.js';
import { issueAgainstCapacity, type Issued } from '../src/story/capacity.js';
import { castFor } from '../src/story/cast.js';
import { fundTheStartup } from '../src/story/funding.js';
import { onboard } from '../src/story/onboarding.js';
import { meter, reserve } from '../src/story/redemption.js';
import type { Stage } from '../src/story/stage.js';
import { tradeOnTheMarket } from '../src/story/trading.js';
import type { Usage } from '../src/story/usage.js';

export interface TradingDayOptions {
  readonly seed: number;
  readonly transport: 'postgres' | 'kafka';
  /** Random commands of the day; refused ones count. */
  readonly steps: number;
  readonly usage: Usage;
  readonly say?: (line: string) => void;
}

export interface TradingDayResult {
  readonly accepted: number;
  readonly refused: number;
  readonly trades: number;
  /** The audit after the day, and after the series was wound up. */
  readonly afterDay: Json;
  readonly afterWindUp: Json;
  readonly series: Json;
}

/** 0.01 token, the smallest quantity at the market: 36 seconds of one GPU. */
const microTokensPerHundredth = 10_000n;
const gpuSecondsPerHundredth = 36;

/**
 * A completed deal, a day of random trade, and the end of the series: every order cancelled, every token
 * withdrawn and used up, the capacity withdrawn. An audit follows the day and another one the end.
 */
export async function runTradingDay(options: TradingDayOptions): Promise<TradingDayResult> {
  const { seed, transport, steps, usage, say = () => undefined } = options;
  const platform = await startPlatform({ transport, env: { LOG_LEVEL: 'warn' } });
  try {
    const api = new ApiClient({ urlOf: (service) => platform.url(service) });
    const cast = castFor(usage.tenants.map(({ tenant }) => tenant));
    const stage: Stage = { api, cast, usage, say };
    await onboard(stage);
    const issued = await issueAgainstCapacity(stage);
    await fundTheStartup(stage, issued);
    await tradeOnTheMarket(stage, issued);
    const day = new Day(stage, issued, seeded(seed));
    for (let step = 0; step < steps; step += 1) {
      await day.step();
    }
    const afterDay = (await auditEverything(stage)).report;
    const list = await api.list(
      cast.marketOperator,
      'market',
      `/trades?seriesId=${issued.seriesId}`,
    );
    await windUp(stage, issued);
    const afterWindUp = (await auditEverything(stage)).report;
    const series = await api.get(cast.auditor, 'issuance', `/series/${issued.seriesId}`);
    const { accepted, refused } = day;
    return { accepted, refused, trades: list.length, afterDay, afterWindUp, series };
  } finally {
    await platform.stop();
  }
}

/** Commands of three traders, drawn at random; what the rules refuse is part of the day. */
class Day {
  accepted = 0;
  refused = 0;
  private readonly orders: { readonly actor: Actor; readonly orderId: string }[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly issued: Issued,
    private readonly random: () => number,
  ) {}

  async step(): Promise<void> {
    try {
      await this.draw();
      this.accepted += 1;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500) throw error;
      this.refused += 1;
    }
  }

  private async draw(): Promise<void> {
    const { api, cast } = this.stage;
    const { seriesId } = this.issued;
    const actor = this.oneOf([cast.startup, ...cast.investors]);
    const quantity = formatMicro(BigInt(this.upTo(20_000)) * microTokensPerHundredth);
    const amount = `${this.upTo(500)}.000000`;
    const kind = this.random();
    if (kind < 0.6) {
      await this.order(actor);
    } else if (kind < 0.7) {
      const order = this.oneOf(this.orders);
      const path = `/parties/${order.actor.partyId}/order-cancellations`;
      await api.post(cast.marketOperator, 'market', path);
    } else if (kind < 0.78) {
      const account = await this.accountOf(actor);
      await api.post(actor, 'issuance', `/accounts/${account}/escrow-deposits`, { quantity });
    } else if (kind < 0.86) {
      await api.post(actor, 'market', '/token-withdrawals', { seriesId, quantity });
    } else if (kind < 0.91) {
      const body = { partyId: actor.partyId, currency: 'USD', amount };
      await api.post(cast.marketOperator, 'market', '/cash-deposits', body);
    } else if (kind < 0.94) {
      await api.post(actor, 'market', '/cash-withdrawals', { currency: 'USD', amount });
    } else {
      const toPartyId = this.oneOf([cast.startup, ...cast.investors]).partyId;
      const account = await this.accountOf(actor);
      await api.post(actor, 'issuance', `/accounts/${account}/transfers`, { toPartyId, quantity });
    }
  }

  private async order(actor: Actor): Promise<void> {
    const isMarket = this.random() < 0.15;
    const side = this.random() < 0.5 ? 'buy' : 'sell';
    const { id } = await this.stage.api.post(actor, 'market', '/orders', {
      seriesId: this.issued.seriesId,
      side,
      kind: isMarket ? 'market' : 'limit',
      timeInForce: isMarket ? 'IOC' : this.oneOf(['GTC', 'GTC', 'IOC', 'FOK'] as const),
      priceTicks: 24_000 + this.upTo(2_000) + (isMarket && side === 'buy' ? 5_000 : 0),
      quantityLots: this.upTo(30_000),
    });
    this.orders.push({ actor, orderId: String(id) });
  }

  private async accountOf(actor: Actor): Promise<string> {
    const path = `/accounts?partyId=${actor.partyId}&seriesId=${this.issued.seriesId}`;
    const [account] = await this.stage.api.list(actor, 'issuance', path);
    // Who never had tokens has no account; the request is then refused as one of an unknown account.
    return textOf(account?.['accountId'], actor.partyId);
  }

  private upTo(limit: number): number {
    return 1 + Math.floor(this.random() * limit);
  }

  private oneOf<T>(all: readonly T[]): T {
    const drawn = all[Math.floor(this.random() * all.length)];
    if (drawn === undefined) throw new Error('nothing to draw from');
    return drawn;
  }
}

/** Everything is taken back and used up, then the capacity may go. */
async function windUp(stage: Stage, issued: Issued): Promise<void> {
  const { api, cast } = stage;
  const { seriesId, commitmentId } = issued;
  for (const actor of [cast.startup, ...cast.investors]) {
    const party = `/parties/${actor.partyId}`;
    await api.post(cast.marketOperator, 'market', `${party}/order-cancellations`);
    const balances = await api.get(actor, 'market', `${party}/balances`);
    for (const { available } of balances['cash'] as readonly Json[]) {
      if (available !== '0.000000') {
        const body = { currency: 'USD', amount: available };
        await api.post(actor, 'market', '/cash-withdrawals', body);
      }
    }
    for (const { available } of balances['tokens'] as readonly Json[]) {
      if (available !== '0.000000') {
        const body = { seriesId, quantity: available };
        await api.post(actor, 'market', '/token-withdrawals', body);
      }
    }
  }
  await untilEscrowIsEmpty(stage, issued);
  const treasury = `/accounts/${issued.treasuryAccountId}`;
  const { available } = await api.get(cast.provider, 'issuance', treasury);
  const rest = { toPartyId: cast.startup.partyId, quantity: available };
  await api.post(cast.provider, 'issuance', `${treasury}/transfers`, rest);
  for (const actor of [cast.startup, ...cast.investors]) {
    await useUp(stage, issued, actor);
  }
  const commitments = `/providers/${cast.provider.partyId}/capacity-commitments`;
  await api.post(cast.provider, 'issuance', `${commitments}/${commitmentId}/withdrawals`);
}

async function untilEscrowIsEmpty({ api, cast }: Stage, { seriesId }: Issued): Promise<void> {
  const accounts = await api.list(cast.auditor, 'issuance', `/accounts?seriesId=${seriesId}`);
  for (const { kind, accountId } of accounts) {
    if (kind === 'escrow') {
      await api.until(
        { actor: cast.auditor, service: 'issuance', path: `/accounts/${String(accountId)}` },
        (account) => account['available'] === '0.000000',
      );
    }
  }
}

/** Redeems every token of a party: what is reserved is used to the last one, which closes the reservation. */
async function useUp(stage: Stage, issued: Issued, actor: Actor): Promise<void> {
  const { api } = stage;
  const path = `/accounts?partyId=${actor.partyId}&seriesId=${issued.seriesId}`;
  const [account] = await api.list(actor, 'issuance', path);
  const quantity = BigInt(textOf(account?.['available'], '0').replace('.', ''));
  if (account === undefined || quantity === 0n) return;
  const hundredths = Number(quantity / microTokensPerHundredth);
  const startedAt = new Date(Date.now() - 20 * 86_400_000).toISOString();
  const terms = { quantity, usageFromAt: startedAt };
  const reservationId = await reserve(stage, issued, actor, terms);
  const job = { tenant: actor.name, startedAt };
  const gpuCount = 100 * gpuSecondsPerHundredth;
  const whole = Math.floor(hundredths / 100);
  const jobs = [
    { ...job, recordId: 'whole', gpuCount, seconds: whole },
    { ...job, recordId: 'rest', gpuCount: gpuSecondsPerHundredth, seconds: hundredths % 100 },
  ];
  await meter(
    stage,
    reservationId,
    jobs.filter(({ seconds }) => seconds > 0),
  );
  await api.until(
    { actor, service: 'issuance', path: `/accounts/${String(account['accountId'])}` },
    ({ held }) => held === '0.000000',
    120_000,
  );
}
