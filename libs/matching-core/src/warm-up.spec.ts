import { describe, expect, it } from 'vitest';
import { MatchingCore } from './engine.js';
import { WARM_UP_LIMITS, playWarmUp } from './warm-up.js';

describe('the warm-up', () => {
  it(
    'takes every everyday path: orders rest, trade, end and are refused',
    { timeout: 30_000 },
    () => {
      const engine = new MatchingCore(WARM_UP_LIMITS);
      playWarmUp(engine);
      const view = engine.stateView();
      expect(view.commandSequence).toBeGreaterThan(100_000);
      expect(view.tradeCount).toBeGreaterThan(5_000);
      expect(view.openOrders).toBeGreaterThan(10);
      expect(view.openOrders).toBeLessThan(WARM_UP_LIMITS.orderCapacity);
      expect(view.priorityCount).toBeGreaterThan(50_000);
    },
  );

  it('leaves no trace in an engine built after it', { timeout: 30_000 }, () => {
    const before = new MatchingCore(WARM_UP_LIMITS);
    MatchingCore.warmUp();
    const after = new MatchingCore(WARM_UP_LIMITS);
    expect(Buffer.compare(after.snapshot(), before.snapshot())).toBe(0);
    expect(after.stateHash()).toBe(before.stateHash());
  });
});
