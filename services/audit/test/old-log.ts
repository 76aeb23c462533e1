import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ServiceName } from '@specie/contracts';
import { digestOfState, readAttested, type StateDigest } from '@specie/attestation';
import { mergeSubjects, type ServiceApp, type ServiceDefinition } from '@specie/nest-platform';
import type { ProvenEvent } from '@specie/postgres-event-store';
import type { TableDigest } from '@specie/testing';

const folder = resolve(import.meta.dirname, 'fixtures/old-log');

export interface RecordedState {
  readonly eventCount: number;
  /** Null for the service that attests nothing. */
  readonly attested: StateDigest | null;
  readonly tables: {
    /** Made from the log of the service. */
    readonly projected: Readonly<Record<string, TableDigest>>;
    /** Made from the logs of others, and how far each was read. */
    readonly consumed: Readonly<Record<string, TableDigest>>;
  };
}

/** The log as it was stored, an event a line; the JSON parts are text, so that not a byte of them changes. */
interface RecordedLine extends Omit<
  ProvenEvent,
  'metadata' | 'data' | 'chainHash' | 'headSignature'
> {
  readonly service: ServiceName;
  readonly metadata: string;
  readonly data: string;
  /** Hexadecimal. */
  readonly chainHash: string;
  /** Base64. */
  readonly headSignature: string | null;
}

/** What the services held when the log was recorded. */
export const recordedStates = JSON.parse(
  readFileSync(resolve(folder, 'digests.json'), 'utf8'),
) as Readonly<Record<ServiceName, RecordedState>>;

const lines = gunzipSync(readFileSync(resolve(folder, 'events.ndjson.gz')))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedLine);

/** What a service recorded, in position order. */
export function recordedEvents(service: ServiceName): readonly ProvenEvent[] {
  return lines.filter((line) => line.service === service).map(provenEvent);
}

function provenEvent({ service: _service, ...line }: RecordedLine): ProvenEvent {
  return {
    ...line,
    metadata: Buffer.from(line.metadata),
    data: Buffer.from(line.data),
    chainHash: Buffer.from(line.chainHash, 'hex'),
    headSignature: line.headSignature === null ? null : Buffer.from(line.headSignature, 'base64'),
  };
}

/** The definition of any service. By path, because no service depends on another. */
export async function definitionOf(service: ServiceName): Promise<ServiceDefinition> {
  const path = resolve(import.meta.dirname, `../../${service}/src/app.module.ts`);
  const module = (await import(path)) as Readonly<Record<string, ServiceDefinition>>;
  const definition = module[`${service}Service`];
  if (definition === undefined) throw new Error(`${path} defines no ${service}Service`);
  return definition;
}

/** What a running service attests of itself, computed from its tables as they are. */
export async function attestedDigest(
  definition: ServiceDefinition,
  { dataSource }: ServiceApp,
): Promise<StateDigest | null> {
  const { attested } = mergeSubjects(definition.subjects);
  return attested.length > 0
    ? digestOfState(await readAttested(attested, dataSource.manager))
    : null;
}
