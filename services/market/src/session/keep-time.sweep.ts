import { randomUUID } from 'node:crypto';
import type { CommandContext } from '@specie/event-sourcing';
import { Clock, requireSettled, type Sweep } from '@specie/nest-platform';
import { AdvanceTimeHandler } from './advance-time.handler.js';
import { CarryOutChangeHandler } from './carry-out-change.handler.js';
import { DueQuery } from './due.query.js';
import { stepId } from './step-ids.js';

/** Carries out what time makes due: orders that end, and the changes of phase that the calendars plan. */
export const keepTime: Sweep = {
  name: 'market time and sessions',
  everyMs: 500,
  isDue: (injector) => {
    const now = injector.get(Clock, { strict: false }).now();
    return injector.get(DueQuery, { strict: false }).isDue(now);
  },
  run: async (injector) => {
    const due = injector.get(DueQuery, { strict: false });
    const carryOut = injector.get(CarryOutChangeHandler, { strict: false });
    const now = injector.get(Clock, { strict: false }).now();
    if (await due.isTimeDue(now)) {
      const advanceTime = injector.get(AdvanceTimeHandler, { strict: false });
      requireSettled(await advanceTime.handle(own(randomUUID(), now)));
    }
    const failures: unknown[] = [];
    for (const { seriesId, steps } of await due.dueSessions(now)) {
      // A book that cannot be changed now must not keep the others from it; the sweep fails and is shown.
      try {
        for (const change of steps) {
          const context = own(stepId(seriesId, change, change.to), now);
          requireSettled(await carryOut.handle({ seriesId, change }, context));
        }
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, 'phases could not be changed');
    }
  },
};

function own(commandId: string, now: string): CommandContext {
  return {
    ...{ commandId, correlationId: commandId, causationId: commandId, now },
    actor: 'service:market',
  };
}
