import type { Invariants } from '../invariants.js';
import { ordinalOf } from '../log-verifier.js';
import type { EventFacts } from '../wire-events.js';

/** Every command has one effect (S9): its events are neighbours, once, with ids that derive from its own. */
export class CommandRuns {
  private readonly seen = new Set<string>();
  private commandId = '';
  private ordinal = -1;
  private position = 0;

  constructor(private readonly invariants: Invariants) {}

  apply(event: EventFacts): void {
    const ordinal = ordinalOf(event.commandId, event.eventId);
    if (event.commandId !== this.commandId) {
      if (this.seen.has(event.commandId)) {
        this.invariants.violatedAt(
          'S9',
          event,
          `the command ${event.commandId} has a second effect`,
        );
      }
      this.seen.add(event.commandId);
      this.commandId = event.commandId;
      this.ordinal = -1;
    }
    // Events that are missing before this one are a finding of their own.
    const hidden = event.position - this.position - 1;
    if (ordinal === null || ordinal <= this.ordinal || ordinal > this.ordinal + 1 + hidden) {
      this.invariants.violatedAt('S9', event, 'the event id does not follow from the command id');
    }
    this.ordinal = ordinal ?? this.ordinal + 1;
    this.position = event.position;
  }
}
