import { Controller } from '@nestjs/common';
import type {
  ComplianceStateAttested,
  DealsStateAttested,
  IssuanceStateAttested,
  MarketStateAttested,
  MeteringStateAttested,
} from '@specie/contracts';
import { Ctx, EventPattern, Payload, type EventContext } from '@specie/nest-platform';
import { AttestationEntity } from '../projections/tables.js';

export const attestationEventsConsumed = [
  'compliance.state-attested',
  'issuance.state-attested',
  'deals.state-attested',
  'market.state-attested',
  'metering.state-attested',
] as const;

/** The services that answer a reconciliation. */
export const attestingServices = ['compliance', 'issuance', 'deals', 'market', 'metering'] as const;

type StateAttested =
  | ComplianceStateAttested
  | IssuanceStateAttested
  | DealsStateAttested
  | MarketStateAttested
  | MeteringStateAttested;

/** Files what every service says about its own state. */
@Controller()
export class AttestationsConsumer {
  @EventPattern('compliance.state-attested')
  onCompliance(
    @Payload() event: ComplianceStateAttested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    return this.file(event, context);
  }

  @EventPattern('issuance.state-attested')
  onIssuance(@Payload() event: IssuanceStateAttested, @Ctx() context: EventContext): Promise<void> {
    return this.file(event, context);
  }

  @EventPattern('deals.state-attested')
  onDeals(@Payload() event: DealsStateAttested, @Ctx() context: EventContext): Promise<void> {
    return this.file(event, context);
  }

  @EventPattern('market.state-attested')
  onMarket(@Payload() event: MarketStateAttested, @Ctx() context: EventContext): Promise<void> {
    return this.file(event, context);
  }

  @EventPattern('metering.state-attested')
  onMetering(@Payload() event: MeteringStateAttested, @Ctx() context: EventContext): Promise<void> {
    return this.file(event, context);
  }

  private file({ type, data }: StateAttested, context: EventContext): Promise<void> {
    return context.effect(async (manager) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(AttestationEntity)
        .values({
          ...data,
          service: type.slice(0, type.indexOf('.')),
          recordedPosition: context.recorded.position,
        })
        // A service answers a request once; what it said first stands.
        .orIgnore()
        .execute();
    });
  }
}
