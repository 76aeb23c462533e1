import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wireSchemaOf } from '@specie/contracts';
import { repositoryRoot } from './repository.js';

type Schema = Parameters<typeof wireSchemaOf>[0];

/** What `services/market/src/market-data/messages.dto.ts` says of the WebSocket. */
interface MessagesModule {
  readonly clientMessages: Readonly<Record<string, Schema>>;
  readonly serverMessages: Readonly<Record<string, Schema>>;
  readonly closeCodes: Readonly<Record<string, { readonly code: number; readonly remedy: string }>>;
}

/** Writes `docs/asyncapi-market-data.json`. Services are applications, so their build output is loaded by path. */
export async function writeMarketDataDocs(): Promise<void> {
  const path = join(repositoryRoot, 'services/market/dist/market-data/messages.dto.js');
  const messages = (await import(pathToFileURL(path).href)) as MessagesModule;
  writeFileSync(
    join(repositoryRoot, 'docs/asyncapi-market-data.json'),
    `${JSON.stringify(marketDataDocument(messages), null, 2)}\n`,
  );
}

/** The AsyncAPI 3 document of the WebSocket, from the schemas that its messages are checked against. */
function marketDataDocument({
  clientMessages,
  serverMessages,
  closeCodes,
}: MessagesModule): object {
  const references = (names: readonly string[], base: string): readonly object[] =>
    names.map((name) => ({ $ref: `${base}/${name}` }));
  const [sent, received] = [Object.keys(serverMessages), Object.keys(clientMessages)];
  const all = { ...clientMessages, ...serverMessages };
  const channel = '#/channels/marketData';
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Specie market data',
      version: '1.0.0',
      description: `Public, by WebSocket, without a login: best prices, the whole book, trades and status of every book. Prices are in ticks of $0.0001 per token, quantities in lots of 0.01 token. A connection ends with a code that says why: ${closings(closeCodes)}`,
    },
    servers: {
      market: {
        host: '{host}',
        protocol: 'ws',
        description: 'The instance of the market that writes; others refuse with 503.',
        variables: { host: { description: 'host:port', default: 'localhost:7104' } },
      },
    },
    defaultContentType: 'application/json',
    channels: {
      marketData: {
        address: '/market-data',
        messages: Object.fromEntries(
          Object.keys(all).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
    },
    operations: {
      send: {
        action: 'send',
        summary: 'What the market sends.',
        channel: { $ref: channel },
        messages: references(sent, `${channel}/messages`),
      },
      receive: {
        action: 'receive',
        summary: 'What clients send.',
        channel: { $ref: channel },
        messages: references(received, `${channel}/messages`),
      },
    },
    components: {
      messages: Object.fromEntries(
        Object.entries(all).map(([name, schema]) => [
          name,
          {
            name,
            payload: {
              schemaFormat: 'application/schema+json;version=draft-07',
              schema: asDraft07(wireSchemaOf(schema)),
            },
          },
        ]),
      ),
    },
  };
}

function closings(closeCodes: MessagesModule['closeCodes']): string {
  return [
    ...Object.entries(closeCodes).map(([name, { code, remedy }]) => `${code} ${name}: ${remedy}`),
    '1009: A message of more than 4,096 bytes.',
    '1002, 1007: What is no WebSocket frame, or no UTF-8.',
  ].join(' ');
}

/** Without the dialect; a tuple is a list of `items` there. */
function asDraft07(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(asDraft07);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const entries = Object.entries(schema).filter(([key]) => key !== '$schema');
  return Object.fromEntries(
    entries.map(([key, value]) => [key === 'prefixItems' ? 'items' : key, asDraft07(value)]),
  );
}
