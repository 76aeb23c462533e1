import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { ppm } from '../fields.js';
import { priceTicks, seriesId } from '../named-fields.js';

export const bandsSet = defineEvent({
  description: 'The prices within which a book trades.',
  type: 'market.bands-set',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    staticLowTicks: described(priceTicks, 'The lowest price; 0 for none.'),
    staticHighTicks: described(priceTicks, 'The highest price; 0 for none.'),
    dynamicPpm: described(
      ppm,
      'How far from the reference price; 0 switches the dynamic band off.',
    ),
    referencePriceTicks: described(priceTicks, 'The reference price; 0 keeps the present one.'),
  }),
});
export type BandsSet = EventOf<typeof bandsSet>;
