import { describe, expect, it } from 'vitest';
import { ADA, BEN, openDesk, order } from '../test/desk.js';
import { FIX_REJECT, executionReports } from './fix.js';
import { REJECT_REASONS } from './codes.js';
import type { MatchingCore } from './engine.js';
import type { Command } from './types.js';

/** [order id, ExecType, OrdStatus, CumQty, LeavesQty] of every report of the commands. */
function reports(engine: MatchingCore, ...commands: Command[]): unknown[] {
  return commands
    .flatMap((command) => engine.apply(command))
    .flatMap(executionReports)
    .map((r) => [r.orderId, r.execType, r.ordStatus, r.cumQuantity, r.leavesQuantity]);
}

describe('Execution reports', () => {
  it('tell the life of an order: new, partial fill, replaced, filled', () => {
    const engine = openDesk();
    expect(
      reports(
        engine,
        order(1, ADA, { side: 'sell' }),
        order(2, BEN, { quantity: 4 }),
        { kind: 'replace', account: ADA, orderId: 1, price: 100, quantity: 6 },
        order(3, BEN, { quantity: 2 }),
      ),
    ).toEqual([
      [1, '0', '0', 0, 10],
      [2, '0', '0', 0, 4],
      [1, 'F', '1', 4, 6],
      [2, 'F', '2', 4, 0],
      [1, '5', '1', 4, 2],
      [3, '0', '0', 0, 2],
      [1, 'F', '2', 6, 0],
      [3, 'F', '2', 2, 0],
    ]);
  });

  it('cancel an IOC remainder with what was filled, and accept a FOK before they cancel it', () => {
    const engine = openDesk();
    expect(
      reports(
        engine,
        order(1, ADA, { side: 'sell', quantity: 3 }),
        order(2, BEN, { quantity: 5, timeInForce: 'fok' }),
        order(3, BEN, { quantity: 5, timeInForce: 'ioc' }),
      ).slice(1),
    ).toEqual([
      [2, '0', '0', 0, 5],
      [2, '4', '4', 0, 0],
      [3, '0', '0', 0, 5],
      [1, 'F', '2', 3, 0],
      [3, 'F', '1', 3, 2],
      [3, '4', '4', 3, 0],
    ]);
  });

  it('end an order replaced to what is filled, as filled', () => {
    const engine = openDesk();
    reports(engine, order(1, ADA, { side: 'sell' }), order(2, BEN, { quantity: 4 }));
    const replace = { kind: 'replace', account: ADA, orderId: 1, price: 100, quantity: 3 } as const;
    expect(reports(engine, replace)).toEqual([[1, '5', '2', 4, 0]]);
  });

  it('tell a trigger, an expiry and a restatement apart', () => {
    const engine = openDesk();
    reports(engine, order(1, ADA, { side: 'sell', quantity: 2 }), order(2, BEN, { quantity: 1 }));
    expect(
      reports(
        engine,
        order(3, BEN, { type: 'stop_limit', stopPrice: 100, price: 99, quantity: 5 }),
      ),
    ).toEqual([
      [3, '0', '0', 0, 5],
      [3, 'L', '0', 0, 5],
    ]);
    const own = { side: 'buy', quantity: 3, stp: 'decrement_and_cancel' } as const;
    expect(reports(engine, order(4, ADA, { ...own, timeInForce: 'day' }))).toEqual([
      [4, '0', '0', 0, 3],
      [1, '4', '4', 1, 0],
      [4, 'D', '0', 0, 2],
    ]);
    expect(reports(engine, { kind: 'set_phase', book: 1, phase: 'closed' })).toEqual([
      [4, 'C', 'C', 0, 0],
    ]);
  });

  it('have FIX codes for every reject reason', () => {
    expect(Object.keys(FIX_REJECT)).toEqual([...REJECT_REASONS]);
  });
});
