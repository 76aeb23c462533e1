import { partitionOf, kafkaClient, silentLogger, topicName } from '@specie/event-bus';
import { type Platform, type ServiceName, serviceNames } from '@specie/local-platform';
import type { KafkaMessage } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Actor, ApiClient, Json } from '../../src/api-client.js';
import { countEvents, queryOf } from '../event-count.js';

const deadlineMs = 60_000;
const sampleCount = 5;

interface Genuine {
  readonly partition: number;
  readonly message: KafkaMessage;
}

interface Attack {
  readonly name: string;
  readonly messages: readonly {
    readonly key: Buffer | null;
    readonly value: Buffer;
    readonly headers?: Readonly<Record<string, Buffer | string>>;
  }[];
}

/**
 * Writes to the topic of every service what its relay never sent: an unsigned event, a genuine one with
 * other data, one of another service, bytes that are no event, and genuine ones once more in another order.
 *
 * @returns what broke: an attack that changed a log, or that a consumer did not name at the message itself.
 */
export async function intrude(run: {
  readonly platform: Platform;
  readonly api: ApiClient;
  readonly say: (line: string) => void;
}): Promise<readonly string[]> {
  const { platform, say } = run;
  if (!platform.kafka) return [];
  const findings: string[] = [];
  const samples = new Map<ServiceName, readonly Genuine[]>();
  for (const source of serviceNames) samples.set(source, await sampleOf(platform, source));
  for (const source of serviceNames) {
    const own = samples.get(source) ?? [];
    const other = samples.get(serviceNames.find((name) => name !== source) ?? source) ?? [];
    for (const attack of attacksOn(own, other)) {
      findings.push(...(await attempt(run, source, own, attack)));
    }
    say(`wrote to the topic of ${source} what its relay never sent`);
  }
  return findings;
}

function attacksOn(own: readonly Genuine[], other: readonly Genuine[]): readonly Attack[] {
  const [first, ...rest] = own.map(({ message }) => partsOf(message));
  const [stranger] = other.map(({ message }) => partsOf(message));
  if (!first || !stranger) throw new Error('a topic has no events to imitate');
  const { ce_headsignature: _head, ce_partitionsignature: _partition, ...unsigned } = first.headers;
  const inFuture = { ce_sequence: '900000', ce_id: randomUUID() };
  return [
    { name: 'unsigned', messages: [{ ...first, headers: { ...unsigned, ...inFuture } }] },
    {
      name: 'altered',
      messages: [{ ...first, value: Buffer.from('{"quantity":"1000000.000000"}') }],
    },
    { name: 'foreign', messages: [stranger] },
    { name: 'unreadable', messages: [{ key: first.key, value: Buffer.from('no event') }] },
    { name: 'replayed and reordered', messages: [...rest.reverse(), first] },
  ];
}

async function attempt(
  { platform, api }: { readonly platform: Platform; readonly api: ApiClient },
  source: ServiceName,
  own: readonly Genuine[],
  attack: Attack,
): Promise<readonly string[]> {
  const findings: string[] = [];
  const partition = own[0]?.partition ?? 0;
  const before = await countAll(platform);
  const offsets = await produce(platform, source, partition, attack);
  const consumers = await consumersOf(platform, source);
  const what = `${attack.name} message on the topic of ${source}`;
  for (const consumer of consumers) {
    const named = await untilSettled(platform, consumer, { source, partition, offsets });
    const isHarmless = attack.name.startsWith('replayed');
    if (!named && !isHarmless) findings.push(`${consumer} did not name the ${what}`);
  }
  const after = await countAll(platform);
  for (const service of serviceNames) {
    if (after[service] !== before[service])
      findings.push(`an ${what} added ${after[service] - before[service]} events to ${service}`);
  }
  for (const consumer of consumers) await discardAll(platform, api, consumer);
  return findings;
}

/** Whether the consumer names one of the messages, or went past all of them. */
async function untilSettled(
  platform: Platform,
  consumer: ServiceName,
  at: {
    readonly source: ServiceName;
    readonly partition: number;
    readonly offsets: readonly string[];
  },
): Promise<boolean> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const halts = await queryOf<{ kafka_offset: string | null }>(
      platform.databaseUrl(consumer),
      'select kafka_offset from consumption_halt where consumer = $1 and source = $2 and partition = $3',
      [consumer, at.source, at.partition],
    );
    if (halts.length > 0) return at.offsets.includes(halts[0]?.kafka_offset ?? '');
    const [progress] = await queryOf<{ kafka_offset: string | null }>(
      platform.databaseUrl(consumer),
      'select kafka_offset from consumed where consumer = $1 and source = $2 and partition = $3',
      [consumer, at.source, at.partition],
    );
    const next = BigInt(progress?.kafka_offset ?? 0);
    if (at.offsets.every((offset) => BigInt(offset) < next)) return false;
    if (Date.now() > deadline) return false;
    await delay(50);
  }
}

const operators: readonly [Actor, Actor] = [
  { name: 'first operator', partyId: randomUUID(), roles: ['market-operator'] },
  { name: 'second operator', partyId: randomUUID(), roles: ['market-operator'] },
];

/** Two operators discard whatever a service stands still at, until it goes on. */
export async function discardAll(
  platform: Platform,
  api: ApiClient,
  service: ServiceName,
): Promise<number> {
  const [proposer, approver] = operators;
  const path = '/operations/parked-streams';
  const deadline = Date.now() + deadlineMs;
  let discarded = 0;
  for (;;) {
    const stuck = await api.get(proposer, service, path);
    const places = [
      ...(stuck['haltedPartitions'] as readonly Json[]),
      ...(stuck['items'] as readonly Json[]),
    ];
    if (places.length === 0) return discarded;
    for (const { source, place } of places) {
      if (place === null)
        throw new Error(`${service} stands still at no message: ${JSON.stringify(stuck)}`);
      const body = { source, place, reason: 'foreign' };
      try {
        await api.post(proposer, service, `${path}/discards`, body);
        await api.post(approver, service, `${path}/discards/approvals`, body);
        discarded += 1;
      } catch (error) {
        // Discarded a moment ago: the partition has not been tried again yet.
        if (!/already_discarded|event_not_parked/.test(String(error))) throw error;
      }
    }
    if (Date.now() > deadline) throw new Error(`${service} stays still: ${JSON.stringify(stuck)}`);
    await delay(100);
  }
}

/** The first genuine messages of the partition that holds the first event of a service's log. */
async function sampleOf(platform: Platform, source: ServiceName): Promise<readonly Genuine[]> {
  const [first] = await queryOf<{ stream_id: string }>(
    platform.databaseUrl(source),
    'select stream_id from event_feed order by position limit 1',
  );
  const topic = topicName('specie', source);
  const kafka = clientOf(platform);
  const admin = kafka.admin();
  await admin.connect();
  const partitionCount = (await admin.fetchTopicOffsets(topic)).length;
  await admin.disconnect();
  const partition = partitionOf(first?.stream_id ?? '', partitionCount);
  const consumer = kafka.consumer({ groupId: `intruder-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const read: Genuine[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: ({ partition: at, message }) => {
          if (at === partition && read.length < sampleCount) read.push({ partition, message });
          if (read.length > 0) setTimeout(resolve, 500);
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return read;
}

async function produce(
  platform: Platform,
  source: ServiceName,
  partition: number,
  { messages }: Attack,
): Promise<readonly string[]> {
  const producer = clientOf(platform).producer();
  await producer.connect();
  const offsets: string[] = [];
  for (const message of messages) {
    const [sent] = await producer.send({
      topic: topicName('specie', source),
      messages: [{ ...message, headers: { ...message.headers }, partition }],
    });
    offsets.push(sent?.baseOffset ?? '');
  }
  await producer.disconnect();
  return offsets;
}

function clientOf(platform: Platform) {
  const brokers = platform.kafka?.brokers.split(',') ?? [];
  return kafkaClient({ brokers, clientId: 'intruder', logger: silentLogger });
}

/** The services that follow the log of `source`. */
async function consumersOf(
  platform: Platform,
  source: ServiceName,
): Promise<readonly ServiceName[]> {
  const consumers: ServiceName[] = [];
  for (const service of serviceNames) {
    const rows = await queryOf(
      platform.databaseUrl(service),
      'select 1 from consumed where consumer = $1 and source = $2 limit 1',
      [service, source],
    );
    if (rows.length > 0) consumers.push(service);
  }
  return consumers;
}

async function countAll(platform: Platform): Promise<Readonly<Record<ServiceName, number>>> {
  const counts = await Promise.all(
    serviceNames.map(
      async (name) => [name, await countEvents(platform.databaseUrl(name))] as const,
    ),
  );
  return Object.fromEntries(counts) as Record<ServiceName, number>;
}

function partsOf(message: KafkaMessage): {
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: Record<string, Buffer | string>;
} {
  const headers = Object.entries(message.headers ?? {}).filter(
    (entry): entry is [string, Buffer | string] =>
      entry[1] !== undefined && !Array.isArray(entry[1]),
  );
  return {
    key: message.key,
    value: message.value ?? Buffer.alloc(0),
    headers: Object.fromEntries(headers),
  };
}
