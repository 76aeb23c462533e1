import type { z } from 'zod';

/** The id of what a request makes: the client may choose it, so that it can name the thing before the answer comes. */
export function chosenId(id: z.ZodUUID): z.ZodOptional<z.ZodUUID> {
  const meaning = `${id.description ?? ''} Yours to choose; derived from the Idempotency-Key where it is left out.`;
  return id.meta({ description: meaning }).optional();
}
