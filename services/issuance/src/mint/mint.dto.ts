import { described, fields, named } from '@specie/contracts';
import { chosenId } from '@specie/nest-platform';
import { z } from 'zod';

export const mintRequest = z.strictObject({
  mintId: chosenId(named.mintId),
  quantity: described(fields.tokenQuantity, 'How much to mint.', '100000.000000'),
});
