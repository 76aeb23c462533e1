import { Controller, Inject } from '@nestjs/common';
import type { GrantRefused, TokensGranted } from '@specie/contracts';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { DeliverTrancheHandler } from './deliver-tranche.handler.js';
import { FailTrancheHandler } from './fail-tranche.handler.js';

/** Follows what the issuer answers to an opened tranche. */
@Controller()
export class IssuanceConsumer {
  constructor(
    @Inject(DeliverTrancheHandler) private readonly deliverTranche: DeliverTrancheHandler,
    @Inject(FailTrancheHandler) private readonly failTranche: FailTrancheHandler,
  ) {}

  @EventPattern('issuance.tokens-granted')
  async onTokensGranted(
    @Payload() { data }: TokensGranted,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.deliverTranche.handle(data, context.command()));
  }

  @EventPattern('issuance.grant-refused')
  async onGrantRefused(
    @Payload() { data }: GrantRefused,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.failTranche.handle(data, context.command()));
  }
}
