import { randomUUID } from 'node:crypto';
import type { ModuleRef } from '@nestjs/core';
import { codeOf, type CommandContext } from '@specie/event-sourcing';
import { Clock, requireSettled, type Sweep } from '@specie/nest-platform';
import type { TradingPhase } from '../shard/shard.commands.js';
import { AdvanceTimeHandler } from './advance-time.handler.js';
import { ChangePhaseHandler } from './change-phase.handler.js';
import { DueQuery, type DueSession } from './due.query.js';
import { stepId, uncrossing } from './step-ids.js';

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
    const now = injector.get(Clock, { strict: false }).now();
    if (await due.isTimeDue(now)) {
      const advanceTime = injector.get(AdvanceTimeHandler, { strict: false });
      requireSettled(await advanceTime.handle(own(randomUUID(), now)));
    }
    const failures: unknown[] = [];
    for (const session of await due.dueSessions(now)) {
      // A book that cannot be changed now must not keep the others from it; the sweep fails and is shown.
      try {
        await follow(injector, session, now);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, 'phases could not be changed');
    }
  },
};

async function follow(
  injector: ModuleRef,
  { seriesId, steps }: DueSession,
  now: string,
): Promise<void> {
  const changePhase = injector.get(ChangePhaseHandler, { strict: false });
  for (const step of steps) {
    const change = async (to: TradingPhase): Promise<string | null> => {
      const context = own(stepId(seriesId, step, to), now);
      const handled = await changePhase.handle({ seriesId, to, cause: 'calendar' }, context);
      if (handled.outcome === 'rejected') return codeOf(handled);
      requireSettled(handled);
      return null;
    };
    const refusal = await change(step.to);
    if (refusal === 'book_crossed') {
      await change(uncrossing);
    }
  }
}

function own(commandId: string, now: string): CommandContext {
  return {
    ...{ commandId, now, correlationId: commandId, causationId: commandId },
    actor: 'service:market',
  };
}
