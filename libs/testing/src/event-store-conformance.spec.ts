import { InMemoryEventStore } from '@specie/event-sourcing';
import { describeEventStore } from './event-store-conformance.js';

describeEventStore('InMemoryEventStore', () =>
  Promise.resolve({ store: new InMemoryEventStore(), close: () => Promise.resolve() }),
);
