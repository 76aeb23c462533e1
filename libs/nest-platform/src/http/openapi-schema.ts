import { wireSchemaOf } from '@specie/contracts';
import type { z } from 'zod';

export type Json = { readonly [key: string]: unknown };

/** The part of JSON Schema that examples are read from. */
interface Explained {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: unknown;
  readonly anyOf?: readonly Explained[];
  readonly oneOf?: readonly Explained[];
  readonly properties?: Readonly<Record<string, Explained>>;
  readonly items?: Explained;
  readonly additionalProperties?: Explained | boolean;
  readonly propertyNames?: Explained;
}

/** The JSON Schema of what travels: the input side of a codec, in requests and in encoded responses alike. */
export function wireSchema(schema: z.ZodType, definitions: Record<string, unknown>): Json {
  const { $schema: _dialect, $defs, ...own } = wireSchemaOf(schema);
  if (!$defs) {
    return own;
  }
  const moved = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
  Object.assign(definitions, moved($defs));
  return moved(own) as Json;
}

/** An example of the schema: its own, or one made of the examples of its parts; undefined where a part has none. */
export function exampleOf(schema: Json): unknown {
  const own = schema as Explained;
  if (own.examples) return own.examples[0];
  if (own.const !== undefined) return own.const;
  if (own.enum) return own.enum[0];
  const [form] = [...(own.anyOf ?? []), ...(own.oneOf ?? [])];
  if (form) return exampleOf(form as Json);
  if (own.properties) {
    const parts = Object.entries(own.properties).map(
      ([name, property]) => [name, exampleOf(property as Json)] as const,
    );
    return Object.fromEntries(parts.filter(([, example]) => example !== undefined));
  }
  if (own.items) return [exampleOf(own.items as Json)];
  if (typeof own.additionalProperties === 'object') {
    const value = exampleOf(own.additionalProperties as Json);
    const names = own.propertyNames?.enum ?? own.propertyNames?.examples ?? [];
    return Object.fromEntries(names.map((name) => [String(name), value]));
  }
  return own.type === 'boolean' ? true : undefined;
}
