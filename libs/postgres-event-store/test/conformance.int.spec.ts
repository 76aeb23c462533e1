import { describeEventStore } from '@specie/testing';
import { createTrial, touch } from './open-test-store.js';

describeEventStore('PostgresEventStore', async () => {
  const trial = await createTrial();
  const { store } = await trial.open();
  return { store, close: () => trial.close() };
});

describeEventStore('PostgresEventStore with two batches under way', async () => {
  const trial = await createTrial();
  const { store } = await trial.open({ tuning: { pipelineDepth: 2, batchCommandCountMax: 16 } });
  return { store, close: () => trial.close() };
});

describeEventStore('PostgresEventStore with a projection', async () => {
  const trial = await createTrial();
  const { store } = await trial.open({ projections: [touch] });
  return { store, close: () => trial.close() };
});
