import type { Handled } from '@specie/event-sourcing';

/**
 * A consumed event must end in events of our own, refusals included. Anything else is a disturbance: throwing makes
 * the bus deliver the event again.
 */
export function requireSettled(handled: Handled<string>): void {
  if (handled.outcome !== 'accepted') {
    throw new Error(`the command that answers the event ended ${handled.outcome}`);
  }
}
