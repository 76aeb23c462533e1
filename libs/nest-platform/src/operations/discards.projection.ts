import { eventCodec, type InputDiscardedData, type ServiceName } from '@specie/contracts';
import { InputDiscards, ParkedEvents } from '@specie/event-bus';
import type { Projection } from '@specie/postgres-event-store';
import type { RecordedEvent } from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import type { ServiceDefinition } from '../definition.js';
import { mergeSubjects } from '../merged-subjects.js';

/** The projections of a service, which need not know the event that the platform records, and that event's own. */
export function projectionsWithDiscards(
  { name, subjects }: Pick<ServiceDefinition, 'name' | 'subjects'>,
  dataSource: DataSource,
): readonly Projection[] {
  const isOwn = ({ type }: RecordedEvent): boolean => type !== `${name}.input-discarded`;
  const filtered = mergeSubjects(subjects).projections.map((projection): Projection => ({
    name: projection.name,
    apply: async (manager, events) => {
      const own = events.every(isOwn) ? events : events.filter(isOwn);
      if (own.length > 0) {
        await projection.apply(manager, own);
      }
    },
  }));
  return [...filtered, discardsProjection(name, dataSource)];
}

/** Takes a discarded event out of the way in the transaction that records it, so that neither happens alone. */
function discardsProjection(service: ServiceName, dataSource: DataSource): Projection {
  const discards = new InputDiscards(dataSource, new ParkedEvents(dataSource, service));
  return {
    name: 'discarded inputs',
    apply: async (manager, events) => {
      for (const recorded of events) {
        if (recorded.type === `${service}.input-discarded`) {
          const { data } = eventCodec.decode(recorded);
          await discards.apply(manager, data as InputDiscardedData);
        }
      }
    },
  };
}
