import { InMemoryEventStore, InMemorySnapshotStore } from '@specie/event-sourcing';
import { describeSnapshotStore } from './snapshot-store-conformance.js';

describeSnapshotStore('InMemorySnapshotStore', () => {
  const [store, other] = [new InMemoryEventStore(), new InMemoryEventStore()];
  const snapshots = new InMemorySnapshotStore(store);
  return Promise.resolve({
    store,
    snapshots,
    elsewhere: {
      store: other,
      snapshots: new InMemorySnapshotStore(other, snapshots.kept),
      receive: () => Promise.resolve(),
    },
    flipByte: async (streamId, streamVersion) => {
      const stored = await snapshots.latest(streamId, streamVersion + 1);
      stored?.bytes.set([255 - (stored.bytes[7] ?? 0)], 7);
    },
    close: () => Promise.resolve(),
  });
});
