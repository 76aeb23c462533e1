import type { Command } from '../../src/types.js';
import type { Random } from './random.js';

/** Spoils one field of a command: out of range, off tick, foreign, malformed. */
export function damage(command: Command, random: Random): Command {
  const fields = Object.keys(command).filter((field) => field !== 'config');
  const field = random.pick(fields);
  const value = random.pick<unknown>([
    0,
    1,
    7,
    61,
    1_000_000,
    2 ** 31,
    2 ** 53 - 1,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    '5',
    'constructor',
    null,
    undefined,
    true,
  ]);
  // The largest order id or time would be accepted and leave none for the rest of the run.
  if (value === 2 ** 53 - 1 && (field === 'orderId' || field === 'time')) return command;
  // The computed key hides from the type what the engine must refuse.
  return { ...command, [field]: value };
}
