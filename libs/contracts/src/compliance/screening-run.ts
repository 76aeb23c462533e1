import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex, ppm, count } from '../fields.js';

/** A party was compared with a sanctions list. */
export const screeningRun = defineEvent({
  type: 'compliance.screening-run',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    screeningId: id,
    listVersion: sha256Hex,
    algorithm: z.enum(['ofac-emulation']),
    thresholdPpm: ppm,
    bestScorePpm: ppm,
    outcome: z.enum(['clear', 'alert']),
    /** Why it is an alert; absent when clear, and in older events, whose alerts are all matches. */
    alertReason: z.enum(['name_match', 'name_not_comparable']).optional(),
    candidateCount: count,
  }),
});
export type ScreeningRun = EventOf<typeof screeningRun>;
