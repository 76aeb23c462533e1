/** The part of JSON Schema that event schemas use. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const byFormat: Readonly<Record<string, string>> = {
  uuid: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  'date-time': '2026-03-01T12:00:00.000Z',
  date: '2026-03-01',
};
/** One text for each pattern in use: a new pattern must be added here before it gets a golden file. */
const candidates = [
  '12.500000',
  '360000',
  'ab'.repeat(32),
  'US',
  'requested',
  'eu-north',
  '08:30',
  'shard-main',
  'market.withdrawal-requested',
];

/** A value that fits the schema: the first enum member, the smallest number, one array item. */
export function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sampleOf(schema.anyOf[0] ?? {});
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, value]) => [key, sampleOf(value)]),
      );
    case 'array':
      return [sampleOf(schema.items ?? {})];
    case 'boolean':
      return true;
    case 'integer':
      return Math.max(schema.minimum ?? 0, 1);
    case 'string': {
      const fixed = schema.format === undefined ? undefined : byFormat[schema.format];
      const text =
        fixed ?? candidates.find((candidate) => new RegExp(schema.pattern ?? '^$').test(candidate));
      if (text === undefined) {
        throw new Error(
          `no sample text for the pattern ${schema.pattern}; add one to candidates in sample.ts`,
        );
      }
      return text;
    }
    default:
      throw new Error(`no sample for ${JSON.stringify(schema)}`);
  }
}
