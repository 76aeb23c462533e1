import { Controller, Inject } from '@nestjs/common';
import { streamIds, type GrantRefused, type TokensGranted } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { dealAggregate, deliverTranche, failTranche } from '../domain/deal/index.js';

/** Follows what the issuer answers to an opened tranche. */
@Controller()
export class IssuanceConsumer {
  private readonly commands: CommandHandler;

  constructor(@Inject(CommandHandler) commands: CommandHandler) {
    this.commands = commands;
  }

  @EventPattern('issuance.tokens-granted')
  async onTokensGranted(
    @Payload() event: TokensGranted,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { dealId, trancheId, grantId } = event.data;
    requireSettled(
      await this.commands.handle({
        streamId: streamIds.deal(dealId),
        aggregate: dealAggregate,
        decide: (state) => deliverTranche({ data: { trancheId, grantId } }, state),
        context: context.command(),
      }),
    );
  }

  @EventPattern('issuance.grant-refused')
  async onGrantRefused(
    @Payload() event: GrantRefused,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { dealId, trancheId, reason } = event.data;
    requireSettled(
      await this.commands.handle({
        streamId: streamIds.deal(dealId),
        aggregate: dealAggregate,
        decide: (state) => failTranche({ data: { trancheId, reason } }, state),
        context: context.command(),
      }),
    );
  }
}
