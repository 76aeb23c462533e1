import type { ApiText } from '@specie/nest-platform';

/** What the API document says of the service as a whole. */
export const apiText: ApiText = {
  description:
    'Turns tokens into metered GPU time. A holder reserves tokens; the provider of the series reports finished use; each record is charged exactly, in atoms, and tokens are burned for it, rounded up once on the total of the reservation.',
  tags: {
    reservations: 'Reserve tokens for GPU time, and close reservations.',
    usage: 'Report finished use, and read what it cost.',
  },
};
