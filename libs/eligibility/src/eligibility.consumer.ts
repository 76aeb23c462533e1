import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { EligibilityPublished, PartyFrozen } from '@specie/contracts';
import { type EventContext } from '@specie/event-bus';
import { EventPattern } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import { eligibilityTable, eligibilityVersionTable } from './eligibility.table.js';

const step = 'eligibility-copy';

/**
 * Keeps the local copy of eligibility. Events of one party arrive in order, so the last one stands; `party-unfrozen` needs
 * no handler, because eligibility is published again with it.
 */
@Controller()
export class EligibilityConsumer {
  @EventPattern('compliance.eligibility-published')
  async onPublished(
    @Payload() event: EligibilityPublished,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { partyId, actions, accredited, validUntil } = event.data;
    await context.effect(async (manager) => {
      await countChange(manager);
      await manager.getRepository(eligibilityTable.entity).upsert(
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
      await countChange(manager);
      await manager.getRepository(eligibilityTable.entity).update({ partyId }, { frozen: true });
    }, step);
  }
}

/** First of all: the row stays locked until the change commits, so versions commit in their order. */
async function countChange(manager: EntityManager): Promise<void> {
  await eligibilityVersionTable.add(manager, [{ isOnly: true, version: 1 }]);
}
