import { Inject, Injectable } from '@nestjs/common';
import type { WithdrawalRequested } from '@specie/contracts';
import {
  accept,
  CommandHandler,
  inboxPairsOf,
  type CommandContext,
  type Handled,
  type StreamRef,
} from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { accountTerms, escrowTerms, lotIdOf } from '../account/account-terms.js';
import { movementConflictOf } from '../account/account.commands.js';
import { accountStream, type AccountEvent } from '../account/account.state.js';
import { SeriesQuery } from '../series/series.query.js';
import { settleTogether, type SettlementStates } from './settle-together.js';
import {
  settleWithdrawal,
  withdrawalStream,
  type SettleWithdrawal,
  type WithdrawalEvent,
} from './withdrawal.decider.js';

/** A withdrawal that the market asked for, and the event that did. */
export interface Settlement {
  readonly asked: WithdrawalRequested['data'];
  readonly context: CommandContext;
}

/** Lets tokens out of the escrow that the market has taken off a trading account. */
@Injectable()
export class SettleWithdrawalsHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
  ) {}

  /** Settles one withdrawal, or several in one append. */
  handle(settlements: Settlements): Promise<Handled<never>> {
    const [first, ...others] = settlements;
    return others.length === 0 ? this.settleAlone(first) : this.settleTogether(settlements);
  }

  /** What stands against the withdrawal is answered with a refusal. */
  private async settleAlone(settlement: Settlement): Promise<Handled<never>> {
    const [{ data, metadata }] = await this.requestsOf([settlement]);
    const { withdrawalId, from, to } = data;
    return this.commands.handleMany({
      streams: {
        withdrawal: withdrawalStream(to.partyId, withdrawalId),
        from: accountStream(from.accountId),
        to: accountStream(to.accountId),
      },
      facts: (constraint) => Promise.resolve(movementConflictOf(constraint)),
      retriedConstraints: 'all',
      decide: (states, conflict) =>
        settleWithdrawal({ data: { ...data, conflict }, metadata }, states),
      context: settlement.context,
    });
  }

  /**
   * One append with the inbox pair of each; every event names what it answers.
   *
   * @throws Error where one was answered before, which says nothing of the others
   */
  private async settleTogether(settlements: Settlements): Promise<Handled<never>> {
    const requests = await this.requestsOf(settlements);
    const contexts = settlements.map(({ context }) => context);
    const handled = await this.commands.handleMany<
      SettlementStreams,
      never,
      WithdrawalEvent | AccountEvent
    >({
      streams: streamsOf(requests),
      decide: (states) =>
        accept(
          ...settleTogether(requests, states as SettlementStates).flatMap((events, index) =>
            events.map((placed) => ({
              ...placed,
              cause: contexts[index] ?? settlements[0].context,
            })),
          ),
        ),
      context: {
        ...settlements[0].context,
        commandId: derivedId('settled-together', ...contexts.map(({ commandId }) => commandId)),
        inbox: contexts.flatMap(inboxPairsOf),
      },
    });
    if (handled.outcome === 'accepted' && handled.repeated) {
      throw new Error('one of the withdrawals was answered before');
    }
    return handled;
  }

  private async requestsOf(
    settlements: Settlements,
  ): Promise<readonly [SettleWithdrawal, ...SettleWithdrawal[]]> {
    const seriesIds = [...new Set(settlements.map(({ asked }) => asked.seriesId))];
    const known = await Promise.all(seriesIds.map((seriesId) => this.series.one(seriesId)));
    const providerOf = new Map(
      seriesIds.map((seriesId, index) => [seriesId, known[index]?.providerId ?? null]),
    );
    const requestOf = ({ asked, context: metadata }: Settlement): SettleWithdrawal => {
      const { withdrawalId, partyId, seriesId, quantity } = asked;
      const named = { seriesId, providerId: providerOf.get(seriesId) ?? null };
      const from = escrowTerms(named);
      const to = accountTerms(named, partyId);
      const lotId = lotIdOf('withdrawal', to, withdrawalId);
      return { data: { withdrawalId, quantity, from, to, lotId, conflict: null }, metadata };
    };
    const [first, ...others] = settlements;
    return [requestOf(first), ...others.map(requestOf)];
  }
}

export type Settlements = readonly [Settlement, ...Settlement[]];

type SettlementStreams = Record<string, StreamRef<never, WithdrawalEvent | AccountEvent>>;

function streamsOf(requests: readonly SettleWithdrawal[]): SettlementStreams {
  const refs = requests.flatMap(({ data: { withdrawalId, from, to } }) => [
    withdrawalStream(to.partyId, withdrawalId),
    accountStream(from.accountId),
    accountStream(to.accountId),
  ]);
  return Object.fromEntries(refs.map((ref) => [ref.streamId, ref])) as unknown as SettlementStreams;
}
