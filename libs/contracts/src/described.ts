import { z } from 'zod';

/**
 * `schema` with what a field of it means, followed by what its type says already (its unit), and an example where
 * that of the type would mislead. Describe before `.nullable()` and `.optional()`, which hide the type's own words.
 */
export function described<T extends z.ZodType>(
  schema: T,
  meaning: string,
  example?: string | number | object,
): T {
  const { description } = schema;
  return schema.meta({
    description: description === undefined ? meaning : `${meaning} ${description}`,
    ...(example === undefined ? {} : { examples: [example] }),
  });
}

/**
 * The JSON Schema of what travels: the input side of a codec (the other side has bigint). zod drops the examples of
 * what it transforms, since it takes them for those of the other side; ours are all of what travels.
 */
export function wireSchemaOf(schema: z.ZodType): z.core.ZodStandardJSONSchemaPayload<z.ZodType> {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (Array.isArray(examples)) {
        jsonSchema.examples = examples;
      }
      hoist(jsonSchema);
    },
  });
}

/** Of "this or null", what is said about this is said about the whole: that is where readers and tools look. */
function hoist(schema: z.core.JSONSchema.BaseSchema): void {
  const [form, ...others] = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (form && others.length === 0) {
    const { description, examples } = form;
    if (description !== undefined) schema.description ??= description;
    if (examples !== undefined) schema.examples ??= examples;
  }
}
