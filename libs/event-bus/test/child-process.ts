import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { openEventStore } from '@specie/postgres-event-store';
import { DataSource, type EntityManager } from 'typeorm';
import { EffectQueue } from '../src/effect-queue.js';
import { KafkaEventBus } from '../src/kafka/kafka-event-bus.js';
import { KafkaRelay } from '../src/kafka/relay.js';
import { PostgresEventBus } from '../src/postgres/postgres-event-bus.js';
import type { ChildSettings } from './child.js';

/** A consumer or a relay of the test world in a process of its own, to be killed or paused. */
const settings = JSON.parse(process.env['CHILD_SETTINGS'] ?? '{}') as ChildSettings;
const { role, transport, publisherUrl, consumerUrl, brokers, topicPrefix, leaseMs } = settings;
const signingKey = createPrivateKey(settings.signingKey);

if (role === 'relay') {
  new KafkaRelay({
    service: 'deals',
    signingKey,
    databaseUrl: publisherUrl,
    brokers,
    topicPrefix,
    pageSize: 100,
    leaseMs,
  }).start();
} else {
  const dataSource = await new DataSource({
    type: 'postgres',
    url: consumerUrl,
    poolSize: 6,
  }).initialize();
  await openEventStore({
    dataSource,
    logName: 'issuance',
    signingKey: generateKeyPairSync('ed25519').privateKey,
    tuning: { abandonedAfterMs: leaseMs },
  });
  const effects = new EffectQueue(dataSource);
  const retry = { attemptCountMax: 1 };
  const keys = () => [createPublicKey(signingKey)];
  const bus =
    transport === 'kafka'
      ? new KafkaEventBus({
          dataSource,
          keys,
          brokers,
          topicPrefix,
          sessionTimeoutMs: leaseMs,
          retry,
        })
      : new PostgresEventBus({
          dataSource,
          keys,
          databaseUrl: consumerUrl,
          peerDatabaseUrls: { deals: publisherUrl },
          pageSize: 100,
          leaseMs,
          retry,
        });
  /** Waits until the test opens the gate of `streamId`; the row tells that this process waits there. */
  const gate = async (streamId: string): Promise<void> => {
    await dataSource.query('insert into gate (stream_id) values ($1) on conflict do nothing', [
      streamId,
    ]);
    for (;;) {
      const rows = await dataSource.query<unknown[]>(
        'select 1 from gate where stream_id = $1 and is_open',
        [streamId],
      );
      if (rows.length > 0) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const { failingStream, holdingStream } = settings;
  await bus.subscribe({
    consumer: 'issuance',
    types: ['deals.tranche-opened'],
    handle: async ({ recorded }) => {
      const { eventId, streamId, streamVersion, position } = recorded;
      if (streamId === failingStream) {
        await gate(streamId);
        throw new Error('this instance cannot handle it');
      }
      await effects.run('issuance', eventId, async (manager: EntityManager) => {
        if (streamId === holdingStream) {
          await gate(streamId);
        }
        await manager.query(
          'insert into effect (consumer, event_id, stream_id, stream_version, position) values ($1, $2, $3, $4, $5)',
          ['issuance', eventId, streamId, streamVersion, position],
        );
      });
    },
  });
}
