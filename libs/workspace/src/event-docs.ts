import {
  eventDefinitions,
  type EventDefinition,
  serviceNames,
  serviceOf,
  topicOf,
  wireSchemaOf,
} from '@specie/contracts';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository.js';
import { sampleOf, type Schema } from './sample.js';

const eventsFolder = join(repositoryRoot, 'docs/events');

/** Writes `docs/events/<type>.v<version>.schema.json` for every event and `docs/asyncapi.json`. */
export function writeEventDocs(): void {
  rmSync(eventsFolder, { recursive: true, force: true });
  for (const definition of eventDefinitions.values()) {
    write(
      join(eventsFolder, `${definition.type}.v${definition.schemaVersion}.schema.json`),
      dataSchema(definition),
    );
  }
  write(join(repositoryRoot, 'docs/asyncapi.json'), asyncApi());
}

/** Creates the golden file of every event version that has none yet. Existing ones are never touched. */
export function writeMissingGoldenFiles(): readonly string[] {
  const written: string[] = [];
  for (const definition of eventDefinitions.values()) {
    const path = goldenPath(definition, definition.schemaVersion);
    if (!existsSync(path)) {
      write(path, sampleOf(dataSchema(definition)));
      written.push(path);
    }
  }
  return written;
}

/** Where the wire form of an event version is pinned. */
export function goldenPath(definition: EventDefinition, version: number): string {
  const [service, name] = definition.type.split('.') as [string, string];
  return join(repositoryRoot, `libs/contracts/src/${service}/__golden__/${name}.v${version}.json`);
}

function dataSchema(definition: EventDefinition): Schema {
  const { type: title, description } = definition;
  return { title, description, ...wireSchemaOf(definition.data) } as Schema;
}

/** The AsyncAPI 3 document of all topics: one channel per service, one message per event. */
function asyncApi(): object {
  const messages = Object.fromEntries(
    [...eventDefinitions.values()].map((definition) => [
      definition.type,
      {
        name: definition.type,
        summary: definition.description,
        contentType: 'application/json',
        headers: { $ref: '#/components/schemas/cloudEventHeaders' },
        payload: {
          schemaFormat: 'application/schema+json;version=draft-07',
          schema: withoutDialect(dataSchema(definition)),
        },
        bindings: {
          kafka: { key: { type: 'string', description: 'the stream id' }, bindingVersion: '0.5.0' },
        },
      },
    ]),
  );
  const channels = Object.fromEntries(
    serviceNames.map((service) => [
      service,
      {
        address: topicOf(service),
        description: `Every event of the ${service} service, keyed by stream id, kept indefinitely.`,
        messages: Object.fromEntries(
          [...eventDefinitions.keys()]
            .filter((type) => serviceOf(type) === service)
            .map((type) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
        bindings: {
          kafka: {
            topic: topicOf(service),
            partitions: 6,
            topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1 },
            bindingVersion: '0.5.0',
          },
        },
      },
    ]),
  );
  const operations = Object.fromEntries(
    serviceNames.map((service) => [
      `publish-${service}`,
      { action: 'send', channel: { $ref: `#/channels/${service}` } },
    ]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Specie event log',
      version: '1.0.0',
      description:
        'The published events of the six services. Replaying the topics rebuilds the whole ledger.',
    },
    servers: {
      kafka: {
        host: '{broker}',
        protocol: 'kafka',
        description: 'The brokers that the services publish to, as in KAFKA_BROKERS.',
        variables: {
          broker: {
            description:
              'host:port; kafka:9092 is that of docker compose, for the containers beside it.',
            default: 'kafka:9092',
          },
        },
      },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages, schemas: { cloudEventHeaders } },
  };
}

const text = { type: 'string' };
const cloudEventHeaders = {
  type: 'object',
  description:
    'CloudEvents 1.0 binary mode. Headers and value rebuild the hashed bytes of the event exactly.',
  required: [
    'ce_id',
    'ce_source',
    'ce_type',
    'ce_specversion',
    'ce_time',
    'ce_subject',
    'ce_sequence',
    'ce_chainhash',
    'ce_partitionhash',
  ],
  properties: {
    ce_id: { ...text, description: 'event id' },
    ce_source: { ...text, description: 'the log' },
    ce_type: { ...text, description: 'the type of the event' },
    ce_specversion: { ...text, const: '1.0', description: 'the version of CloudEvents' },
    ce_time: { ...text, description: 'when it happened' },
    ce_subject: { ...text, description: 'the stream id' },
    ce_sequence: {
      ...text,
      description: 'position in the log of the service: 1, 2, 3, … without gaps',
    },
    ce_chainhash: { ...text, description: 'SHA-256(previous chain hash || canonical bytes)' },
    ce_partitionhash: {
      ...text,
      description:
        'base64 of SHA-256(previous partition hash || previous position, int64 || chain hash || canonical bytes)',
    },
    ce_partitionprevious: {
      ...text,
      description: 'the partition hash before it; on the first message of a send',
    },
    ce_partitionsignature: {
      ...text,
      description: 'Ed25519 of the service over the partition here; on the last message of a send',
    },
  },
};

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}

function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
