import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { atomQuantity, tokenQuantity } from '../fields.js';
import {
  atoms,
  captureId,
  capturedCumulative,
  gpuSeconds,
  partyId,
  reservationId,
  seriesId,
  sliceNumber,
  usageCount,
} from '../named-fields.js';

export const sliceCaptured = defineEvent({
  description:
    'Charges since the last slice became tokens: the difference of the rounded cumulative, so no split changes the total.',
  type: 'metering.slice-captured',
  schemaVersion: 1,
  data: z.object({
    reservationId,
    partyId,
    seriesId,
    captureId,
    sliceNumber,
    usageCount,
    gpuSeconds,
    atoms,
    atomsCumulative: described(
      atomQuantity,
      'What the use of the reservation counts up to and with this slice.',
    ),
    captured: described(tokenQuantity, 'Captured with this slice.', '1.000000'),
    capturedCumulative,
  }),
});
export type SliceCaptured = EventOf<typeof sliceCaptured>;
