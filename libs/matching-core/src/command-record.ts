import { CommandCode } from './codes.js';
import {
  COMMAND_WIDTH,
  NEW_ORDER,
  ORDER_WIDTH,
  ORDER_WIDTH_EXTENDED,
  commandLength,
  fieldMax,
  fieldMin,
} from './fields.js';
import { areTerms } from './terms.js';

const NEW_ORDER_CODE = CommandCode.new_order;

/** SPEC 3.1: copies a command into the engine's own record if every field is in its range, and returns whether it was. */
export function loadCommand(into: Float64Array, source: Float64Array, offset: number): boolean {
  const kind = (source[offset] as number) | 0;
  const length = commandLength(source, offset);
  const table = kind * COMMAND_WIDTH;
  into[0] = kind;
  for (let i = 1; i < length; i++) {
    const value = source[offset + i] as number;
    const inRange =
      value >= (fieldMin[table + i] as number) && value <= (fieldMax[table + i] as number);
    if (!inRange || Math.floor(value) !== value) return false;
    into[i] = value + 0; // turns -0 into 0
  }
  return kind !== NEW_ORDER_CODE || completeOrder(into, length);
}

/** The extension of an order is 0 when it is not there, and there only if it is not all 0: one form for every order. */
function completeOrder(order: Float64Array, length: number): boolean {
  if (!areTerms(order[NEW_ORDER.terms] as number)) return false;
  if (length === ORDER_WIDTH) {
    order.fill(0, ORDER_WIDTH, ORDER_WIDTH_EXTENDED);
    return true;
  }
  for (let i = ORDER_WIDTH; i < ORDER_WIDTH_EXTENDED; i++) if (order[i] !== 0) return true;
  return false;
}
