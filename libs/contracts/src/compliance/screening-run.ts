import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { ppm } from '../fields.js';
import {
  bestScorePpm,
  candidateCount,
  listVersion,
  partyId,
  screeningId,
} from '../named-fields.js';

export const screeningRun = defineEvent({
  description: 'A party was compared with a sanctions list.',
  type: 'compliance.screening-run',
  schemaVersion: 1,
  data: z.object({
    partyId,
    screeningId,
    listVersion,
    algorithm: z.enum(['ofac-emulation']).meta({ description: 'How names were compared.' }),
    thresholdPpm: described(ppm, 'How alike a candidate must be for an alert.', 850000),
    bestScorePpm,
    outcome: z
      .enum(['clear', 'alert'])
      .meta({ description: 'Whether there is somebody to look at.' }),
    alertReason: z
      .enum(['name_match', 'name_not_comparable'])
      .meta({
        description:
          'Why it is an alert; absent when clear, and in older events, whose alerts are all matches.',
      })
      .optional(),
    candidateCount,
  }),
});
export type ScreeningRun = EventOf<typeof screeningRun>;
