import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { partyId } from '../named-fields.js';

export const killSwitchSet = defineEvent({
  description:
    'The kill switch of a party: engaged, its open orders are cancelled (each follows as an event of its own) and it can place no order until it is released.',
  type: 'market.kill-switch-set',
  schemaVersion: 1,
  data: z.object({
    partyId,
    engaged: z.boolean().meta({ description: 'Whether the switch is on.' }),
    by: z
      .enum(['party', 'operator'])
      .meta({ description: 'Who did it; what an operator engaged, only an operator releases.' }),
  }),
});
export type KillSwitchSet = EventOf<typeof killSwitchSet>;
