import { COMMAND_WIDTH, commandLengths, fieldMax, fieldMin } from './fields.js';

// Constants of this module are folded into the code; see RECORD in orders.ts.
const WIDTH = COMMAND_WIDTH;
const LENGTHS = commandLengths;
const LEAST = fieldMin;
const GREATEST = fieldMax;

/** SPEC 3.1: copies a command into the engine's own record if every field is in its range, and returns whether it was. */
export function loadCommand(into: Float64Array, source: Float64Array, offset: number): boolean {
  const kind = (source[offset] as number) | 0;
  const length = LENGTHS[kind] as number;
  const table = kind * WIDTH;
  into[0] = kind;
  for (let i = 1; i < length; i++) {
    const value = source[offset + i] as number;
    const greatest = GREATEST[table + i] as number;
    // The first test, on integers, settles nearly every field; the second is for those that need a double.
    if (value !== (value | 0) || value < 0 || value > greatest) {
      const least = LEAST[table + i] as number;
      if (!(value >= least && value <= greatest) || Math.floor(value) !== value) return false;
    }
    into[i] = value + 0; // turns -0 into 0
  }
  return true;
}
