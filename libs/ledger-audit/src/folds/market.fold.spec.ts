import { describe, expect, it } from 'vitest';
import { consequences, sequences } from '../../test/forgeries/consequences.js';
import { prices } from '../../test/forgeries/prices.js';
import { terms } from '../../test/forgeries/terms.js';
import { trades } from '../../test/forgeries/trades.js';
import { verdict } from '../../test/trading-scenes.js';

describe('A forged event of the market', () => {
  it.each(Object.entries({ ...prices, ...terms, ...trades, ...consequences, ...sequences }))(
    '%s is found, and nothing else',
    (_name, { log, plant, finding: [invariant, says] }) => {
      expect(verdict(log())).toEqual({});
      const forged = log();
      plant(forged);
      const found = verdict(forged);
      expect(found).toEqual({ [invariant]: expect.stringContaining(says) as string });
      expect(found[invariant]).toMatch(/^market position \d+ event /);
    },
  );
});
