import type { Handled } from '@specie/event-sourcing';

/**
 * Runs a command that is decided on rows read before it, once more where `constraint` shows that another one wrote
 * them meanwhile: the second run sees what the first one met.
 */
export async function decidedOnTheRows<R extends string>(
  constraint: string,
  run: () => Promise<Handled<R>>,
): Promise<Handled<R>> {
  const handled = await run();
  return handled.outcome === 'constraint_violated' && handled.constraint === constraint
    ? run()
    : handled;
}
