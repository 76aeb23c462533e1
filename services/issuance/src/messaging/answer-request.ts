import type { Handled } from '@specie/event-sourcing';
import { requireSettled } from '@specie/nest-platform';

/**
 * Answers an event in which another service asks for something. Where a constraint of the read models stands against
 * what `run` decided, it runs again with that conflict and records the refusal it is: one request ends, instead of
 * parking the stream that it came with and others share.
 *
 * @param taken the constraint on ids that the answer may meet, and the code of an id that is taken
 */
export async function answerRequest<Code extends string>(
  taken: { readonly constraint: string; readonly code: Code },
  run: (conflict: Code | 'conflicts_with_stored_state' | null) => Promise<Handled<never>>,
): Promise<void> {
  let handled = await run(null);
  if (handled.outcome === 'constraint_violated') {
    const isTaken = handled.constraint === taken.constraint;
    handled = await run(isTaken ? taken.code : 'conflicts_with_stored_state');
  }
  requireSettled(handled);
}

export const movementTaken = {
  constraint: 'token_movements_once',
  code: 'movement_exists_differently',
} as const;
export const holdTaken = {
  constraint: 'token_holds_once',
  code: 'hold_exists_differently',
} as const;
