import { Controller, Inject } from '@nestjs/common';
import {
  marketEscrowPartyId,
  type TokensReceived,
  type WithdrawalRefused,
  type WithdrawalSettled,
} from '@specie/contracts';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { CompleteWithdrawalHandler } from './complete-withdrawal.handler.js';
import { CreditTokensHandler } from './credit-tokens.handler.js';
import { RevertWithdrawalHandler } from './revert-withdrawal.handler.js';

/**
 * What the issuer says of the tokens in the market's escrow. None of these commands can be refused: a refusal is a bug, the
 * stream is parked and an operator sees it.
 */
@Controller()
export class IssuanceConsumer {
  constructor(
    @Inject(CreditTokensHandler) private readonly creditTokens: CreditTokensHandler,
    @Inject(CompleteWithdrawalHandler)
    private readonly completeWithdrawal: CompleteWithdrawalHandler,
    @Inject(RevertWithdrawalHandler) private readonly revertWithdrawal: RevertWithdrawalHandler,
  ) {}

  // Deposits of a series arrive on one stream, that of its escrow account; those of one owner keep their order.
  @EventPattern<TokensReceived>('issuance.tokens-received', {
    lane: ({ data }) => `owner-${data.counterPartyId}`,
  })
  async onTokensReceived(
    @Payload() { data }: TokensReceived,
    @Ctx() context: EventContext,
  ): Promise<void> {
    if (data.movement === 'escrow' && data.partyId === marketEscrowPartyId) {
      requireSettled(await this.creditTokens.handle(data, context.command()));
    }
  }

  @EventPattern('issuance.withdrawal-settled')
  async onWithdrawalSettled(
    @Payload() { data }: WithdrawalSettled,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.completeWithdrawal.handle(data, context.command()));
  }

  @EventPattern('issuance.withdrawal-refused')
  async onWithdrawalRefused(
    @Payload() { data }: WithdrawalRefused,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.revertWithdrawal.handle(data, context.command()));
  }
}
