import { described, fields } from '@specie/contracts';
import { z } from 'zod';

export const listResponse = z.strictObject({
  version: described(
    fields.sha256Hex,
    'The list in force: the hash of its files. Null while there is none; nobody can be screened or approved then.',
  ).nullable(),
  entryCount: described(fields.count, 'How many entries it has.', 18712),
  refused: z
    .strictObject({
      version: described(
        fields.sha256Hex,
        'The hash of the files; null where they cannot be read.',
      ).nullable(),
      problems: z
        .array(
          z
            .string()
            .max(200)
            .meta({
              description: 'One problem.',
              examples: ['sdn.csv: line 4 has 3 columns, not 12'],
            }),
        )
        .max(100)
        .meta({ description: 'What is wrong with the files.' }),
    })
    .meta({
      description: 'The files at hand where they are not in force, and why; null otherwise.',
    })
    .nullable(),
});
