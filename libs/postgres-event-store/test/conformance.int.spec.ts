import { describeEventStore } from '@specie/testing';
import { createTrial } from './open-test-store.js';

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
  const { store } = await trial.open({
    projections: [
      { name: 'touch', apply: async (manager) => void (await manager.query('select 1')) },
    ],
  });
  return { store, close: () => trial.close() };
});
