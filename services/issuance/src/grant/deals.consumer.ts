import { Controller, Inject } from '@nestjs/common';
import type { TrancheOpened } from '@specie/contracts';
import {
  Ctx,
  EventPattern,
  Payload,
  requireSettled,
  type EventContext,
} from '@specie/nest-platform';
import { GrantTokensHandler } from './grant-tokens.handler.js';

/** Grants what a deal owes. */
@Controller()
export class DealsConsumer {
  constructor(@Inject(GrantTokensHandler) private readonly grantTokens: GrantTokensHandler) {}

  @EventPattern('deals.tranche-opened')
  async onTrancheOpened(
    @Payload() { data }: TrancheOpened,
    @Ctx() context: EventContext,
  ): Promise<void> {
    requireSettled(await this.grantTokens.handle(data, context.command()));
  }
}
