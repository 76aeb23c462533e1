import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

describe('Turnstile', () => {
  it('takes in a caller with one request before the rest of a caller with many', async () => {
    const turnstile = new Turnstile();
    const taken: string[] = [];
    for (let count = 0; count < 1_000; count += 1) {
      turnstile.enter('many', () => taken.push('many'));
    }
    turnstile.enter('one', () => taken.push('one'));
    await setImmediate();
    expect(taken.slice(0, 3)).toEqual(['many', 'one', 'many']);
  });

  it('takes in a few in a turn of the event loop, and all of them in the end', async () => {
    const turnstile = new Turnstile();
    let takenCount = 0;
    for (let count = 0; count < 100; count += 1) {
      turnstile.enter(`caller ${count % 3}`, () => (takenCount += 1));
    }
    const afterTurns: number[] = [];
    while (takenCount < 100) {
      await setImmediate();
      afterTurns.push(takenCount);
    }
    expect(afterTurns).toEqual([16, 32, 48, 64, 80, 96, 100]);
  });
});
