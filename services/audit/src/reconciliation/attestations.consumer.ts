import { Controller } from '@nestjs/common';
import {
  eventDefinitions,
  serviceNames,
  serviceOf,
  type ComplianceStateAttested,
  type DealsStateAttested,
  type IssuanceStateAttested,
  type MarketStateAttested,
  type MeteringStateAttested,
} from '@specie/contracts';
import { Ctx, EventPattern, Payload, type EventContext } from '@specie/nest-platform';
import { AttestationEntity } from '../projections/tables.js';

type StateAttested =
  | ComplianceStateAttested
  | IssuanceStateAttested
  | DealsStateAttested
  | MarketStateAttested
  | MeteringStateAttested;

/** The services that answer a reconciliation: all that publish what they hold, besides the audit itself. */
export const attestingServices = serviceNames.filter(
  (service) => service !== 'audit' && eventDefinitions.has(`${service}.state-attested`),
);

/** Files what every service says about its own state. */
@Controller()
export class AttestationsConsumer {
  @EventPattern(attestingServices.map((service) => `${service}.state-attested`))
  onAttested(
    @Payload() { type, data }: StateAttested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    return context.effect(async (manager) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(AttestationEntity)
        .values({
          ...data,
          service: serviceOf(type),
          recordedPosition: context.recorded.position,
        })
        // A service answers a request once; what it said first stands.
        .orIgnore()
        .execute();
    });
  }
}
