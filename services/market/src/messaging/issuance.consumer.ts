import { Controller, Inject } from '@nestjs/common';
import {
  marketEscrowPartyId,
  type TokensReceived,
  type WithdrawalRefused,
  type WithdrawalSettled,
} from '@specie/contracts';
import {
  Ctx,
  type EventContext,
  EventPattern,
  Payload,
  requireSettled,
} from '@specie/nest-platform';
import type { ExchangeCommand } from '../domain/exchange/index.js';
import { ShardWriter } from '../writer/shard-writer.js';

/** What the issuer tells about the tokens that stand in the market's escrow. */
@Controller()
export class IssuanceConsumer {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  // Deposits of a series arrive on one stream, that of its escrow account; those of one owner keep their order.
  @EventPattern<TokensReceived>('issuance.tokens-received', {
    lane: ({ data }) => `owner-${data.counterPartyId}`,
  })
  async onTokensReceived(
    @Payload() { data }: TokensReceived,
    @Ctx() context: EventContext,
  ): Promise<void> {
    if (data.movement !== 'escrow' || data.partyId !== marketEscrowPartyId) {
      return;
    }
    await this.submit(context, {
      kind: 'credit-tokens',
      escrowId: data.movementId,
      partyId: data.counterPartyId,
      seriesId: data.seriesId,
      quantity: data.quantity,
    });
  }

  @EventPattern('issuance.withdrawal-settled')
  async onWithdrawalSettled(
    @Payload() { data }: WithdrawalSettled,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { partyId, withdrawalId } = data;
    await this.submit(context, { kind: 'complete-withdrawal', partyId, withdrawalId });
  }

  @EventPattern('issuance.withdrawal-refused')
  async onWithdrawalRefused(
    @Payload() { data }: WithdrawalRefused,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { partyId, withdrawalId, reason } = data;
    await this.submit(context, { kind: 'revert-withdrawal', partyId, withdrawalId, reason });
  }

  private async submit(context: EventContext, command: ExchangeCommand): Promise<void> {
    // None of these commands can be refused: a refusal is a bug, the stream is parked and an operator sees it.
    requireSettled(await this.writer.submit({ command, context: context.command() }));
  }
}
