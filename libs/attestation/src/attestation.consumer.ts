import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { eventCodec, streamIds, type ReconciliationRequested } from '@specie/contracts';
import { PostgresEventStore } from '@specie/postgres-event-store';
import {
  EventPattern,
  mergeSubjects,
  requireSettled,
  SERVICE_DEFINITION,
  type EventContext,
  type ServiceDefinition,
} from '@specie/nest-platform';
import { digestOfState, readAttested } from './digest.js';

/** Answers a reconciliation with the digest of this service's own read models, at an exact position of its log. */
@Controller()
export class AttestationConsumer {
  private readonly store: PostgresEventStore;
  private readonly definition: ServiceDefinition;

  constructor(
    @Inject(PostgresEventStore) store: PostgresEventStore,
    @Inject(SERVICE_DEFINITION) definition: ServiceDefinition,
  ) {
    this.store = store;
    this.definition = definition;
  }

  @EventPattern('audit.reconciliation-requested')
  async onRequested(
    @Payload() { data: { requestId } }: ReconciliationRequested,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { name, subjects } = this.definition;
    const { attested } = mergeSubjects(subjects);
    const { commandId, now, actor, correlationId, causationId, inbox } =
      context.command('attestation');
    const outcome = await this.store.appendWhileLocked(async ({ manager, position }) => {
      const { digest, collections } = digestOfState(await readAttested(attested, manager));
      const event = eventCodec.encode({
        type: `${name}.state-attested`,
        data: { requestId, throughPosition: position, digest, collections },
      });
      return {
        commandId,
        // `any`: one attestation for each request, and a repeat is caught by its command id and inbox row.
        streams: [
          {
            streamId: streamIds.attestation(requestId),
            expectedVersion: 'any',
            events: [event],
          },
        ],
        metadata: { correlationId, causationId, actor, idempotencyKey: null },
        occurredAt: now,
        ...(inbox ? { inbox } : {}),
      };
    });
    // A conflicting repeat: this request was answered before, at an earlier position.
    if (outcome.outcome !== 'conflicting_repeat') {
      requireSettled(outcome);
    }
  }
}
