import { described, named } from '@specie/contracts';
import { z } from 'zod';

export const partyParams = z.strictObject({ partyId: named.partyId });

/** Whose, where several parties gave their order or withdrawal the same id; your own unless you may see others'. */
export const ownerQuery = z.strictObject({
  partyId: described(
    named.partyId,
    'Whose, where several parties gave theirs the same id; your own unless you may see others.',
  ).optional(),
});
