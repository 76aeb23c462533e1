import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { seriesId, tradingPhase } from '../named-fields.js';

export const phaseChanged = defineEvent({
  description:
    'The book entered another phase. What the change causes (an uncrossing, orders that expire, stops that trigger) follows in the same command.',
  type: 'market.phase-changed',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    from: tradingPhase,
    to: tradingPhase,
    cause: z
      .enum(['operator', 'calendar', 'band'])
      .meta({ description: 'Who changed it; `band`: an order reached the dynamic band.' }),
  }),
});
export type PhaseChanged = EventOf<typeof phaseChanged>;
