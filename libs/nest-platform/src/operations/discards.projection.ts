import type { InputDiscardedData, ServiceName } from '@specie/contracts';
import { InputDiscards, ParkedEvents } from '@specie/event-bus';
import { defineProjection, type Projection } from '@specie/postgres-event-store';
import type { DataSource } from 'typeorm';
import type { InputDiscarded } from './discard.decider.js';

/** Takes a discarded event out of the way in the transaction that records it, so that neither happens alone. */
export function discardsProjection(service: ServiceName, dataSource: DataSource): Projection {
  const discards = new InputDiscards(dataSource, new ParkedEvents(dataSource, service));
  return defineProjection<InputDiscarded, InputDiscardedData[]>({
    name: 'discarded inputs',
    events: {
      [`${service}.input-discarded` as const]: (discarded, { data }) => discarded.push(data),
    },
    changes: () => [],
    write: async (manager, discarded) => {
      for (const data of discarded) {
        await discards.apply(manager, data);
      }
    },
  });
}
