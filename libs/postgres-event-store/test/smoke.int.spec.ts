import { expect, it } from 'vitest';
import { createTrial } from './open-test-store.js';
import { command } from './trial-commands.js';

it('appends', async () => {
  const trial = await createTrial();
  const { store } = await trial.open();
  const out = await Promise.all(
    Array.from({ length: 100 }, (_, i) => store.append(command(`s${i % 7}`, 'any'))),
  );
  expect(out.every((o) => o.outcome === 'appended')).toBe(true);
  expect((await store.readAll(0, 1000)).map((e) => e.position)).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  expect(await store.verifyLog()).toMatchObject({ eventCount: 100, problem: null });
  await trial.close();
});
