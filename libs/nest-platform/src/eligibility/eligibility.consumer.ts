import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EligibilityPublished, PartyFrozen } from '@specie/contracts';
import { type EventContext } from '@specie/event-bus';
import { EventPattern } from '../event-pattern.js';
import { EligibilityEntity } from './eligibility.js';

/** The events the copy is made of; `party-unfrozen` needs none, because eligibility is published again with it. */
export const eligibilityEvents = [
  'compliance.eligibility-published',
  'compliance.party-frozen',
] as const;

const step = 'eligibility-copy';

/** Keeps the local copy of eligibility. Events of one party arrive in order, so the last one stands. */
@Controller()
export class EligibilityConsumer {
  @EventPattern('compliance.eligibility-published')
  async onPublished(
    @Payload() event: EligibilityPublished,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { partyId, actions, accredited, validUntil } = event.data;
    await context.effect(async (manager) => {
      await manager.getRepository(EligibilityEntity).upsert(
        {
          partyId,
          actions: [...actions],
          accredited,
          validUntil: new Date(validUntil),
          frozen: false,
        },
        ['partyId'],
      );
    }, step);
  }

  @EventPattern('compliance.party-frozen')
  async onFrozen(@Payload() event: PartyFrozen, @Ctx() context: EventContext): Promise<void> {
    const { partyId } = event.data;
    await context.effect(async (manager) => {
      await manager.getRepository(EligibilityEntity).update({ partyId }, { frozen: true });
    }, step);
  }
}
