import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import type { ProviderEvent } from './provider.state.js';
import { commitmentTable, providerTable } from './provider.table.js';

type Data<Type extends ProviderEvent['type']> = Extract<ProviderEvent, { type: Type }>['data'];

interface Changes {
  readonly registered: (Data<'issuance.provider-registered'> & { streamVersion: number })[];
  readonly versions: Map<string, number>;
  readonly committed: Data<'issuance.capacity-committed'>[];
  readonly attested: Data<'issuance.capacity-attested'>[];
  readonly withdrawn: string[];
}

export const providerProjection = defineProjection<ProviderEvent, Changes>({
  name: 'providers',
  changes: () => ({
    registered: [],
    versions: new Map(),
    committed: [],
    attested: [],
    withdrawn: [],
  }),
  events: {
    'issuance.provider-registered': ({ registered }, { data, streamVersion }) => {
      registered.push({ ...data, streamVersion });
    },
    'issuance.capacity-committed': (changes, event) => {
      noteVersion(changes, event);
      changes.committed.push(event.data);
    },
    'issuance.capacity-attested': (changes, event) => {
      noteVersion(changes, event);
      changes.attested.push(event.data);
    },
    'issuance.capacity-withdrawn': (changes, event) => {
      noteVersion(changes, event);
      changes.withdrawn.push(event.data.commitmentId);
    },
    'issuance.series-opened': noteVersion,
    'issuance.tokens-minted': noteVersion,
  },
  write: async (manager, { registered, versions, committed, attested, withdrawn }) => {
    await providerTable.insert(manager, registered);
    await providerTable.set(
      manager,
      [...versions].map(([providerId, streamVersion]) => ({ providerId, streamVersion })),
    );
    await commitmentTable.insert(
      manager,
      committed.map((data) => ({ ...data, status: 'committed' })),
    );
    await commitmentTable.set(
      manager,
      attested.map(({ commitmentId, attestedBy, evidenceHash }) => ({
        commitmentId,
        status: 'attested',
        attestedBy,
        evidenceHash,
      })),
    );
    await commitmentTable.set(
      manager,
      withdrawn.map((commitmentId) => ({ commitmentId, status: 'withdrawn' })),
    );
  },
});

function noteVersion(
  { versions }: Changes,
  { data, streamVersion }: PlacedEvent<ProviderEvent>,
): void {
  versions.set(data.providerId, streamVersion);
}
