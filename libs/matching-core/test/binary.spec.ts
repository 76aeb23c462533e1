import { beforeEach, describe, expect, it } from 'vitest';
import {
  COMMAND_WIDTH,
  CommandCode,
  EXTENSION,
  INTEGER_MAX,
  NEW_ORDER,
  ORDER_WIDTH,
  ORDER_WIDTH_EXTENDED,
  commandLength,
  decodeCommand,
  decodeEvents,
  encodeCommand,
  eventLength,
  packTerms,
} from '../src/index.js';
import type { MatchingCore, MatchingEvent, NewOrder } from '../src/index.js';
import { ADA, BEN, openDesk, order } from './desk.js';

/** SPEC 3.1 where only the binary form can break it: the object form has no such bits and no such fields. */
const plain = packTerms({ side: 'buy', type: 'limit', timeInForce: 'gtc', stp: 'cancel_newest' });

let engine: MatchingCore;
let command: Float64Array;

beforeEach(() => {
  engine = openDesk();
  command = new Float64Array(COMMAND_WIDTH);
  encodeCommand(order(1, ADA), command);
});

function execute(): MatchingEvent[] {
  engine.events.clear();
  engine.execute(command);
  return decodeEvents(engine.events.values, 0, engine.events.length);
}

function reasonOf(field: keyof typeof NEW_ORDER, value: number): string | undefined {
  encodeCommand(order(engine.commandSequence, ADA), command);
  command[NEW_ORDER[field]] = value;
  const [event] = execute();
  return event?.type === 'rejected' ? event.reason : undefined;
}

describe('a binary new_order', () => {
  it('has seven doubles, and twelve with an extension', () => {
    expect(command[NEW_ORDER.terms]).toBe(plain);
    expect(commandLength(command)).toBe(ORDER_WIDTH);
    const iceberg = order(1, ADA, { displayQuantity: 4 });
    encodeCommand(iceberg, command);
    expect(commandLength(command)).toBe(ORDER_WIDTH_EXTENDED);
    expect(decodeCommand(command)).toMatchObject(iceberg);
    execute();
    expect(eventLength(engine.events.values, 0)).toBe(ORDER_WIDTH_EXTENDED);
  });

  it('is malformed by any bit or value that packs no terms', () => {
    const timeInForce5 = plain | (5 << 3);
    const stp5 = (plain & ~(7 << 6)) | (5 << 6);
    const postOnly3 = plain | (3 << 9);
    const bit12 = plain | (1 << 12);
    for (const terms of [timeInForce5, stp5, postOnly3, bit12, plain + 2 ** 32, plain + 0.5, -1])
      expect(reasonOf('terms', terms), `terms ${terms}`).toBe('malformed_command');
    expect(reasonOf('terms', NaN)).toBe('malformed_command');
  });

  it('is malformed by an extension of nothing but zeros: every order has one form', () => {
    expect(reasonOf('terms', plain | (1 << 11))).toBe('malformed_command');
  });

  it('does not read an extension that its terms do not announce', () => {
    for (const name of EXTENSION) command[NEW_ORDER[name]] = NaN;
    expect(execute()[0]).toMatchObject({ type: 'accepted', displayQuantity: 0, stopPrice: 0 });
  });

  it.each(['book', 'account', 'orderId', 'price', 'quantity'] as const)(
    'takes integers alone as %s',
    (field) => {
      for (const value of [NaN, Infinity, -Infinity, -1, 0.5, 100.5, 2 ** 53, -(2 ** 31)])
        expect(reasonOf(field, value), `${value}`).toBe('malformed_command');
    },
  );

  it('names the reason for integers beyond 32 bits that no venue has', () => {
    for (const value of [2 ** 31, 2 ** 32, 2 ** 32 + 1, INTEGER_MAX]) {
      expect(reasonOf('book', value), `${value}`).toBe('unknown_book');
      expect(reasonOf('account', value), `${value}`).toBe('unknown_account');
      expect(reasonOf('price', value), `${value}`).toBe('price_out_of_range');
      expect(reasonOf('quantity', value), `${value}`).toBe('quantity_out_of_range');
    }
  });

  it('reads a negative zero as zero', () => {
    const market: NewOrder = order(5, BEN, { type: 'market', timeInForce: 'ioc', price: 0 });
    encodeCommand(market, command);
    command[NEW_ORDER.price] = -0;
    const values = execute();
    expect(values[0]).toEqual(openDesk().apply(market)[0]);
    expect(Object.is(engine.events.values[NEW_ORDER.price], 0)).toBe(true);
  });
});

describe('a binary cancel', () => {
  const cancel = (account: number, orderId: number): string | undefined => {
    command.fill(0);
    command.set([CommandCode.cancel, account, orderId]);
    const [event] = execute();
    return event?.type === 'rejected' ? event.reason : event?.type;
  };

  it('finds no order by a number that only looks like its id', () => {
    execute();
    for (const id of [1.5, -1, NaN, Infinity, 1 - 2 ** 53, 2 ** 53])
      expect(cancel(ADA, id), `${id}`).toBe('malformed_command');
    for (const id of [2 ** 32 + 1, 2 ** 52 + 1, INTEGER_MAX])
      expect(cancel(ADA, id), `${id}`).toBe('unknown_order');
    for (const account of [1.5, -1, NaN]) expect(cancel(account, 1)).toBe('malformed_command');
    expect(cancel(BEN, 1)).toBe('unknown_order');
    expect(cancel(0, 1)).toBe('unknown_order');
    expect(cancel(ADA, 0)).toBe('unknown_order');
    expect(cancel(ADA, 1)).toBe('canceled');
    expect(cancel(ADA, 1)).toBe('too_late');
    expect(cancel(0, 0)).toBe('unknown_order');
  });
});
