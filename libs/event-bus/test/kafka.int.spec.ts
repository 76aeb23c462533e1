import {
  canonicalEventBytes,
  chainHash,
  genesisHash,
  verifyHeadSignature,
} from '@specie/postgres-event-store';
import { ConfigResourceTypes, type KafkaMessage } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decodeMessage,
  kafkaClient,
  partitionOf,
  silentLogger,
  topicName,
  type DecodedMessage,
} from '../src/index.js';
import { logOf, produce, sendsOf } from './forger.js';
import { eventually, kafkaSkipReason, World } from './world.js';

const title = kafkaSkipReason ? ` (skipped: ${kafkaSkipReason})` : '';

describe.skipIf(kafkaSkipReason !== null)(`Kafka relay and consumer${title}`, () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create('kafka');
    await eventually(
      'the relay made its topic',
      () => world.relays[0]?.status().state === 'running',
    );
  });

  afterEach(async () => {
    await world.close();
  });

  const kafka = () =>
    kafkaClient({ brokers: world.brokers, clientId: 'test', logger: silentLogger });
  const topic = () => topicName(world.topicPrefix, 'deals');

  /** Everything in the topic, by partition. */
  async function readTopic(
    count: number,
  ): Promise<readonly { partition: number; message: KafkaMessage }[]> {
    const groupId = `${world.topicPrefix}-reader-${Math.trunc(performance.now())}`;
    const consumer = kafka().consumer({ groupId, maxWaitTimeInMs: 100 });
    const messages: { partition: number; message: KafkaMessage }[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic()], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        messages.push({ partition, message });
        return Promise.resolve();
      },
    });
    await eventually(`${count} messages`, () => messages.length >= count);
    await consumer.disconnect();
    return messages;
  }

  async function published(count: number): Promise<void> {
    await eventually(`${count} events are published`, async () => {
      const rows = await world.publisher.dataSource.query<unknown[]>(
        'select 1 from relay_checkpoint where relay = $1 and position >= $2',
        [topic(), count],
      );
      return rows.length > 0;
    });
  }

  it('carries the exact bytes: the chain and the signatures verify from the topic alone', async () => {
    await world.publishMany(12, 5);
    const messages = await readTopic(60);
    const decoded = messages.map(({ message }) => decodeMessage(message));
    const records = decoded.map(({ record }) => record).toSorted((a, b) => a.position - b.position);
    let previous: Uint8Array = genesisHash;
    const signedPositions: number[] = [];
    for (const record of records) {
      const hash = chainHash(previous, canonicalEventBytes('deals', record));
      expect(hash.equals(record.chainHash), `position ${record.position}`).toBe(true);
      if (record.headSignature) {
        signedPositions.push(record.position);
        const head = { logName: 'deals', position: record.position, chainHash: hash };
        expect(
          verifyHeadSignature(head, record.headSignature, world.publisher.store.publicKey),
        ).toBe(true);
      }
      previous = hash;
    }
    expect(records.map((record) => record.position)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    expect(signedPositions.at(-1)).toBe(60);
  });

  it("places events as the client's own partitioner would, each naming its predecessor", async () => {
    await world.publishMany(30, 3);
    const messages = await readTopic(90);
    const last = new Map<number, number>();
    for (const { partition, message } of messages) {
      const { record, previousPosition }: DecodedMessage = decodeMessage(message);
      expect(partition).toBe(partitionOf(record.streamId, 6));
      expect(previousPosition).toBe(last.get(partition) ?? 0);
      last.set(partition, record.position);
    }
    expect(last.size).toBeGreaterThan(3);
  });

  it('goes on from its checkpoint after a restart and still names predecessors', async () => {
    await world.publishMany(10, 2);
    await published(20);
    await world.stopRelays();
    await world.publishMany(10, 2);
    world.startRelay();
    const messages = await readTopic(40);
    expect(messages.length).toBe(40);
    const last = new Map<number, number>();
    for (const { partition, message } of messages) {
      const { record, previousPosition } = decodeMessage(message);
      expect(previousPosition).toBe(last.get(partition) ?? 0);
      last.set(partition, record.position);
    }
  });

  it('keeps its checkpoint while the brokers refuse what it sends, and leaves no hole after', async () => {
    const limitMessages = async (bytesMax: number): Promise<void> => {
      const admin = kafka().admin();
      await admin.connect();
      const configEntries = [{ name: 'max.message.bytes', value: String(bytesMax) }];
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic(), configEntries };
      await admin.alterConfigs({ validateOnly: false, resources: [resource] });
      await admin.disconnect();
    };
    await world.publishMany(4, 2);
    await published(8);
    await limitMessages(100);
    await world.publishMany(4, 2);
    await eventually('the relay fails', () => world.relays[0]?.status().state === 'failing');
    const rows = await world.publisher.dataSource.query<{ position: string }[]>(
      'select position from relay_checkpoint where relay = $1',
      [topic()],
    );
    expect(rows).toEqual([{ position: '8' }]);
    await limitMessages(1_000_000);
    await published(16);
    await world.consume('issuance');
    await eventually('all took effect', async () => (await world.effectCount('issuance')) === 16);
  });

  it('lets one relay run at a time; the next takes over when it stops', async () => {
    const second = world.startRelay();
    await eventually('one leads, one waits', () => second.status().state === 'standby');
    await world.publishMany(4, 2);
    await published(8);
    await world.relays[0]?.stop();
    await eventually('the second leads', () => second.status().state === 'running');
    await world.publishMany(4, 2);
    await published(16);
    expect((await readTopic(16)).length).toBe(16);
  });

  it('makes no effect twice when a zombie relay sends again what was sent', async () => {
    await world.consume('issuance');
    await world.publishMany(10, 5);
    await published(50);
    await world.stopRelays();
    // A relay that was paused before it stored its checkpoint sends from the old one.
    await world.publisher.dataSource.query('update relay_checkpoint set position = 0');
    world.startRelay();
    await published(50);
    await world.publish('deal-1', 1);
    await eventually(
      'the new one arrives',
      async () => (await world.effectCount('issuance')) >= 51,
    );
    expect(await world.effectCount('issuance')).toBe(51);
    expect((await readTopic(101)).length).toBe(101);
  });

  it('survives a send that reached some partitions only', async () => {
    await world.stopRelays();
    await world.publishMany(12, 4);
    const some = sendsOf(world, await logOf(world)).filter(({ partition }) => partition < 3);
    await produce(world, some);
    await world.consume('issuance');
    await eventually(
      'what was sent took effect',
      async () => (await world.effectCount('issuance')) === some.length,
    );
    world.startRelay();
    await eventually('all took effect', async () => (await world.effectCount('issuance')) >= 48);
    const effects = await world.effectsOf('issuance');
    expect(new Set(effects.map((effect) => effect.event_id)).size).toBe(48);
    expect(effects.length).toBe(48);
  });

  it('trusts its own offsets when those of the group are ahead', async () => {
    const first = await world.consume('issuance');
    await world.publishMany(10, 3);
    await eventually('all took effect', async () => (await world.effectCount('issuance')) === 30);
    await first.stop();
    // The consumer's database is restored from a backup taken before anything was consumed.
    await world.consumer.dataSource.query('delete from effect');
    await world.consumer.dataSource.query('delete from inbox');
    await world.consumer.dataSource.query('update consumed set position = 0, kafka_offset = 0');
    await world.consume('issuance');
    await eventually(
      'all took effect again',
      async () => (await world.effectCount('issuance')) === 30,
    );
  });

  it('finds its place in a topic that was recreated with other offsets', async () => {
    const first = await world.consume('issuance');
    await world.publishMany(12, 5);
    await published(60);
    await world.stopRelays();
    // Sent twice, so that the first topic's offsets run ahead of the second one's.
    await world.publisher.dataSource.query('update relay_checkpoint set position = 0');
    world.startRelay();
    await published(60);
    await world.publish('deal-0', 1);
    await eventually('all took effect', async () => (await world.effectCount('issuance')) === 61);
    await first.stop();
    await world.stopRelays();
    const admin = kafka().admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic()] });
    await admin.disconnect();
    await world.publisher.dataSource.query('update relay_checkpoint set position = 0');
    await world.publishMany(12, 15);
    world.startRelay();
    await published(241);
    await world.consume('issuance');
    await eventually('all took effect', async () => (await world.effectCount('issuance')) >= 241);
    expect(await world.effectCount('issuance')).toBe(241);
  });

  it('stops at a hole in a partition instead of going past it', async () => {
    await world.publishMany(4, 2);
    await published(8);
    const consumption = await world.consume('issuance');
    await eventually('caught up', async () => (await world.effectCount('issuance')) === 8);
    await world.stopRelays();
    await world.publish('deal-1', 2);
    await produce(world, sendsOf(world, await logOf(world)).slice(9));
    await eventually('it stops', () => consumption.status()[0]?.error?.includes('gap') ?? false);
    // The instance knows before the row that tells others is stored.
    await eventually('others know', async () => (await consumption.halts()).length > 0);
    expect(await consumption.halts()).toMatchObject([{ reason: 'gap', position: 10 }]);
    expect(await world.effectCount('issuance')).toBe(8);
  });

  it('publishes everything again when its topic was recreated', async () => {
    await world.publishMany(4, 2);
    await published(8);
    await world.stopRelays();
    const admin = kafka().admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic()] });
    await admin.disconnect();
    const relay = world.startRelay();
    await eventually('published again', () => relay.status().position === 8);
    expect((await readTopic(8)).length).toBe(8);
  });
});
