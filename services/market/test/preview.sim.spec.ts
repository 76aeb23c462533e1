import { describe, expect, it } from 'vitest';
import { Simulation } from './shard-simulation.js';
import { stateOf } from './shard-state.js';

const seeds = Array.from({ length: 4 }, (_, index) => 20_261_128 + index);
const commandCount = 500;

describe('A preview of a command of the shard', () => {
  it.each(seeds)(
    'answers what the command then answers, and does nothing, SEED=%i',
    async (seed) => {
      const simulation = new Simulation(seed, 0);
      await simulation.open();
      const { engine } = simulation;
      const outcomes = new Map<string, number>();
      for (let count = 0; count < commandCount; count += 1) {
        const command = simulation.randomCommand();
        await simulation.settle();
        const [before, logged] = [stateOf(engine), (await simulation.log()).length];
        const previewed = await simulation.preview(command);
        expect(stateOf(engine)).toEqual(before);
        expect((await simulation.log()).length).toBe(logged);
        expect(await simulation.send(command)).toEqual(previewed);
        outcomes.set(previewed.outcome, (outcomes.get(previewed.outcome) ?? 0) + 1);
        simulation.barAnother();
      }
      expect(simulation.engine).toBe(engine);
      expect(outcomes.get('accepted')).toBeGreaterThan(commandCount / 10);
      expect(outcomes.get('rejected')).toBeGreaterThan(commandCount / 10);
    },
  );
});
