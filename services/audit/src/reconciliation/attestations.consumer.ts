import { Controller } from '@nestjs/common';
import { serviceOf, type ComplianceStateAttested, type ServiceName } from '@specie/contracts';
import { Ctx, EventPattern, Payload, type EventContext } from '@specie/nest-platform';
import { attestingServices } from './evidence.query.js';
import { attestationTable } from './reconciliation.table.js';

/** All services attest in the same form. */
interface StateAttested {
  readonly type: `${ServiceName}.state-attested`;
  readonly data: ComplianceStateAttested['data'];
}

/** Files what every service says about its own state. */
@Controller()
export class AttestationsConsumer {
  @EventPattern(attestingServices.map((service) => `${service}.state-attested`))
  async onAttested(
    @Payload() { type, data }: StateAttested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const recordedPosition = context.recorded.position;
    // A service answers a request once; what it said first stands.
    await context.effect((manager) =>
      attestationTable.insertMissing(manager, [
        { ...data, service: serviceOf(type), recordedPosition },
      ]),
    );
  }
}
