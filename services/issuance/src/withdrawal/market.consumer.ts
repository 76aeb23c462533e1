import { Controller, Inject } from '@nestjs/common';
import { streamIds, type WithdrawalRequested } from '@specie/contracts';
import {
  accept,
  CommandHandler,
  inboxPairsOf,
  type CommandContext,
  type StreamRef,
} from '@specie/event-sourcing';
import {
  Ctx,
  derivedId,
  EventPattern,
  Payload,
  requireSettled,
  Together,
  type EventContext,
} from '@specie/nest-platform';
import { accountTerms, escrowTerms, lotIdOf } from '../account/account-terms.js';
import { accountAggregate, type Account, type AccountEvent } from '../account/account.state.js';
import { accountName, settleTogether, withdrawalName, type AccountName, type WithdrawalName } from './settle-together.js';
import { settleWithdrawal, withdrawalAggregate, type SettleWithdrawal, type Withdrawal, type WithdrawalEvent } from './withdrawal.decider.js';
import { ProvidersQuery } from '../provider/provider.query.js';
import { answerRequest, movementTaken } from '../messaging/answer-request.js';

interface Settlement {
  readonly asked: WithdrawalRequested['data'];
  readonly context: CommandContext;
}

interface SettlementStreams {
  [withdrawal: WithdrawalName]: StreamRef<Withdrawal, WithdrawalEvent>;
  [account: AccountName]: StreamRef<Account, AccountEvent>;
}

/** More would hold the append's transaction open for long. */
const settledTogetherMax = 64;

/**
 * Lets tokens out of the escrow when the market took them off a trading account. All withdrawals of the venue stand in
 * one stream, and those of a series draw on one escrow account: what waits is settled in one append.
 */
@Controller()
export class MarketConsumer {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly settlements: Together<Settlement>;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.settlements = new Together({
      groupSizeMax: settledTogetherMax,
      together: (settlements) => this.settleTogether(settlements),
      alone: (settlement) => this.settleAlone(settlement),
    });
  }

  // The market has taken the tokens already, so no withdrawal depends on another one: each is a lane of its own.
  @EventPattern<WithdrawalRequested>('market.withdrawal-requested', {
    lane: ({ data }) => `withdrawal-${data.partyId}-${data.withdrawalId}`,
  })
  async onWithdrawalRequested(
    @Payload() event: WithdrawalRequested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.settlements.run({ asked: event.data, context: context.command() });
  }

  private async settleAlone({ asked, context }: Settlement): Promise<void> {
    const [request] = await this.requestsOf([{ asked, context }]);
    if (!request) {
      return;
    }
    const { data, metadata } = request;
    const { withdrawalId, from, to } = data;
    await answerRequest(movementTaken, (conflict) =>
      this.commands.handleMany({
        streams: {
          withdrawal: {
            streamId: streamIds.withdrawal(to.partyId, withdrawalId),
            aggregate: withdrawalAggregate,
          },
          from: { streamId: streamIds.account(from.accountId), aggregate: accountAggregate },
          to: { streamId: streamIds.account(to.accountId), aggregate: accountAggregate },
        },
        decide: (states) => settleWithdrawal({ data: { ...data, conflict }, metadata }, states),
        context,
      }),
    );
  }

  /**
   * One append for all, with the inbox pair of each; every event names what it answers.
   *
   * @throws TransientEventError, or Error where a constraint or a withdrawal that is settled already stands in the way
   */
  private async settleTogether(settlements: readonly Settlement[]): Promise<void> {
    const requests = await this.requestsOf(settlements);
    const contexts = settlements.map(({ context }) => context);
    const [first] = contexts;
    if (!first) {
      return;
    }
    // eslint-disable-next-line no-restricted-syntax -- required below; a repeat of one is no answer to the others
    const handled = await this.commands.handleMany<SettlementStreams, never>({
      streams: streamsOf(requests),
      decide: (states) =>
        accept(
          ...settleTogether(requests, states).flatMap((events, index) => {
            const cause = contexts[index] ?? first;
            return events.map((placed) => ({ ...placed, cause }));
          }),
        ),
      context: {
        ...first,
        commandId: derivedId('settled-together', ...contexts.map(({ commandId }) => commandId)),
        inbox: contexts.flatMap(inboxPairsOf),
      },
    });
    if (handled.outcome === 'accepted' && handled.repeated) {
      throw new Error('one of the withdrawals was answered before');
    }
    requireSettled(handled);
  }

  private async requestsOf(
    settlements: readonly Settlement[],
  ): Promise<readonly SettleWithdrawal[]> {
    const seriesIds = [...new Set(settlements.map(({ asked }) => asked.seriesId))];
    const known = await Promise.all(
      seriesIds.map((seriesId) => this.providers.oneSeries(seriesId)),
    );
    const providerOf = new Map(
      seriesIds.map((seriesId, index) => [seriesId, known[index]?.providerId ?? null]),
    );
    return settlements.map(({ asked, context: metadata }) => {
      const { withdrawalId, partyId, seriesId, quantity } = asked;
      const named = { seriesId, providerId: providerOf.get(seriesId) ?? null };
      const from = escrowTerms(named);
      const to = accountTerms(named, partyId);
      const lotId = lotIdOf('withdrawal', to, withdrawalId);
      return { data: { withdrawalId, quantity, from, to, lotId, conflict: null }, metadata };
    });
  }
}

function streamsOf(requests: readonly SettleWithdrawal[]): SettlementStreams {
  const streams: SettlementStreams = {};
  for (const { data } of requests) {
    const { withdrawalId, from, to } = data;
    streams[withdrawalName(data)] = {
      streamId: streamIds.withdrawal(to.partyId, withdrawalId),
      aggregate: withdrawalAggregate,
    };
    for (const account of [from, to]) {
      streams[accountName(account)] = {
        streamId: streamIds.account(account.accountId),
        aggregate: accountAggregate,
      };
    }
  }
  return streams;
}
