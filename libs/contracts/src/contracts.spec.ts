import type { JsonValue } from '@specie/event-sourcing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent, serviceNames } from './define-event.js';
import { wireSchemaOf } from './described.js';
import { eventCodec, eventDefinitions, serviceOf } from './registry.js';

interface Schema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const folderOf = (service: string): string => join(import.meta.dirname, service);
const eventFiles = serviceNames.flatMap((service) =>
  readdirSync(folderOf(service))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => `${service}.${file.slice(0, -3)}`),
);

describe('Event definitions', () => {
  it('are exactly the files of the service folders', () => {
    expect([...eventDefinitions.keys()].sort()).toEqual([...eventFiles].sort());
  });

  it('refuse an unknown type, and a version newer than this build', () => {
    expect(() =>
      eventCodec.decode({ type: 'issuance.unknown', schemaVersion: 1, data: {} }),
    ).toThrow(/unknown event type/);
    expect(() =>
      eventCodec.decode({ type: 'issuance.tokens-minted', schemaVersion: 99, data: {} }),
    ).toThrow(/version 99/);
  });

  it.each([...eventDefinitions.values()])(
    '$type carries no personal data and no free text',
    (definition) => {
      const schema = wireSchemaOf(definition.data) as Schema;
      expect(privacyFindings(definition.type, schema)).toEqual([]);
    },
  );
});

describe('Event documents', () => {
  it.each([...eventDefinitions.values()])(
    '$type says what each of its fields means, with an example',
    (definition) => {
      const schema = wireSchemaOf(definition.data) as Schema;
      expect(unexplained(definition.type, schema)).toEqual([]);
    },
  );
});

describe('Golden files', () => {
  const goldenFiles = serviceNames.flatMap((service) =>
    readdirSync(join(folderOf(service), '__golden__')).map((file) => ({ service, file })),
  );

  it.each(goldenFiles)('$service/$file is read by this build', ({ service, file }) => {
    const match = /^(.+)\.v(\d+)\.json$/.exec(file);
    const type = `${service}.${match?.[1] ?? ''}`;
    const definition = eventDefinitions.get(type);
    if (!definition) throw new Error(`${file} belongs to no event`);
    const data = JSON.parse(
      readFileSync(join(folderOf(service), '__golden__', file), 'utf8'),
    ) as JsonValue;
    const schemaVersion = Number(match?.[2]);
    const event = decodeEvent(definition, { type, schemaVersion, data });
    if (schemaVersion === definition.schemaVersion) {
      expect(encodeEvent(definition, event)).toEqual({ type, schemaVersion, data });
    }
  });

  it('pin the current version of every event', () => {
    const pinned = new Set(goldenFiles.map(({ service, file }) => `${service}/${file}`));
    const missing = [...eventDefinitions.values()]
      .map(
        ({ type, schemaVersion }) =>
          `${serviceOf(type)}/${type.split('.')[1] ?? ''}.v${schemaVersion}.json`,
      )
      .filter((path) => !pinned.has(path));
    expect(missing, 'run `npm run docs` to create them').toEqual([]);
  });
});

const forbidden =
  /name$|email|phone|street|address|birth|passport|ssn|iban|note|comment|description|text|message/i;

function privacyFindings(path: string, schema: Schema): string[] {
  const findings: string[] = [];
  const bounded = schema.format ?? schema.pattern ?? schema.enum ?? schema.const;
  if (schema.type === 'string' && bounded === undefined) findings.push(`${path}: a bare string`);
  if (schema.type === 'array' && schema.maxItems === undefined)
    findings.push(`${path}: an unbounded array`);
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const collectionName = key === 'name' && path.includes('collections');
    if (forbidden.test(key) && !collectionName)
      findings.push(`${path}.${key}: a forbidden field name`);
    findings.push(...privacyFindings(`${path}.${key}`, value));
  }
  if (schema.items) findings.push(...privacyFindings(`${path}[]`, schema.items));
  for (const option of schema.anyOf ?? []) findings.push(...privacyFindings(path, option));
  return findings;
}

function unexplained(path: string, schema: Schema): string[] {
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
      const form = value.anyOf?.find(({ type }) => type !== 'null') ?? value;
      const isOpen = form.type === 'string' || form.type === 'integer';
      const hasExample = !isOpen || (form.examples ?? form.enum ?? form.const) !== undefined;
      return [
        ...(form.description ? [] : [`${path}.${key}: no description`]),
        ...(hasExample ? [] : [`${path}.${key}: no example`]),
        ...unexplained(`${path}.${key}`, form),
      ];
    }),
    ...(schema.items ? unexplained(`${path}[]`, schema.items) : []),
  ];
}
