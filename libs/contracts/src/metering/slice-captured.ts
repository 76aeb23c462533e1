import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, gpuSecondQuantity, atomQuantity, id, count } from '../fields.js';

/** Charges since the last slice became tokens: the difference of the rounded cumulative, so no split changes the total. */
export const sliceCaptured = defineEvent({
  type: 'metering.slice-captured',
  schemaVersion: 1,
  data: z.object({
    reservationId: id,
    partyId: id,
    seriesId: id,
    captureId: id,
    sliceNumber: z.int().min(1),
    usageCount: count,
    gpuSeconds: gpuSecondQuantity,
    atoms: atomQuantity,
    atomsCumulative: atomQuantity,
    captured: tokenQuantity,
    capturedCumulative: tokenQuantity,
  }),
});
export type SliceCaptured = EventOf<typeof sliceCaptured>;
