import { createPrivateKey, createPublicKey } from 'node:crypto';
import { DataSource } from 'typeorm';
import { EffectQueue } from '../src/effect-queue.js';
import { KafkaEventBus } from '../src/kafka/kafka-event-bus.js';
import { KafkaRelay } from '../src/kafka/relay.js';
import { PostgresEventBus } from '../src/postgres/postgres-event-bus.js';

/** A consumer or a relay of the test world in a process of its own, to be killed. */
interface ChildSettings {
  readonly role: 'consumer' | 'relay';
  readonly transport: 'postgres' | 'kafka';
  readonly publisherUrl: string;
  readonly consumerUrl: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** PEM of the key that signs the publisher's log. */
  readonly signingKey: string;
}

const settings = JSON.parse(process.env['CHILD_SETTINGS'] ?? '{}') as ChildSettings;

const signingKey = createPrivateKey(settings.signingKey);

if (settings.role === 'relay') {
  const { publisherUrl, brokers, topicPrefix } = settings;
  new KafkaRelay({
    service: 'deals',
    signingKey,
    databaseUrl: publisherUrl,
    brokers,
    topicPrefix,
    pageSize: 100,
  }).start();
} else {
  const { transport, publisherUrl, consumerUrl, brokers, topicPrefix } = settings;
  const dataSource = await new DataSource({
    type: 'postgres',
    url: consumerUrl,
    poolSize: 6,
  }).initialize();
  const effects = new EffectQueue(dataSource);
  const keys = () => [createPublicKey(signingKey)];
  const bus =
    transport === 'kafka'
      ? new KafkaEventBus({ dataSource, keys, brokers, topicPrefix, sessionTimeoutMs: 6_000 })
      : new PostgresEventBus({
          dataSource,
          keys,
          databaseUrl: consumerUrl,
          peerDatabaseUrls: { deals: publisherUrl },
          pageSize: 100,
        });
  await bus.subscribe({
    consumer: 'issuance',
    types: ['deals.tranche-opened'],
    handle: ({ recorded }) =>
      effects.run('issuance', recorded.eventId, async (manager) => {
        await manager.query(
          'insert into effect (consumer, event_id, stream_id, stream_version, position) values ($1, $2, $3, $4, $5)',
          [
            'issuance',
            recorded.eventId,
            recorded.streamId,
            recorded.streamVersion,
            recorded.position,
          ],
        );
      }),
  });
}
