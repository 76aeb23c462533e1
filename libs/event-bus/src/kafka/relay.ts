import type { ServiceName } from '@specie/contracts';
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { describeError } from '../errors.js';
import { LogConnection } from '../log-connection.js';
import type { LogRecord } from '../log-record.js';
import { murmur2, partitionOf } from '../partition.js';
import { backoffMs, pause } from '../pause.js';
import { silentLogger, type BusLogger } from '../ports.js';
import { encodeMessage, type WireMessage } from '../wire.js';
import { ensureTopic, kafkaClient, topicName } from './kafka-client.js';
import { RelayCheckpoint, RelayFencedError } from './relay-checkpoint.js';

export interface RelayOptions {
  readonly service: ServiceName;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly topicPrefix?: string;
  /** For a topic that does not exist yet. */
  readonly partitionCount?: number;
  readonly replicationFactor?: number;
  readonly pageSize?: number;
  readonly pollMs?: number;
  readonly logger?: BusLogger;
}

export interface RelayStatus {
  /** `standby`: another instance relays. `failing`: retrying, nothing is skipped. */
  readonly state: 'starting' | 'running' | 'standby' | 'failing' | 'stopped';
  /** Everything up to here is acknowledged by the brokers. */
  readonly position: number;
  /** Events known to be in the log and not acknowledged yet. */
  readonly lag: number;
  readonly error: string | null;
}

/** kafkajs makes one record batch per partition and send; the brokers limit its size. */
const sendBytesMax = 1024 * 1024;
const headerBytesAbout = 700;
const leaseRetryMs = 250;

/**
 * Publishes a service's log to its topic, in position order.
 *
 * R1 An event is sent only after all events before it in its partition are acknowledged or sent with it.
 * R2 The checkpoint moves only over acknowledged events; a crash repeats, it never skips.
 * R3 One relay per service runs, held by a session lock on the connection that also moves the
 *    checkpoint. A relay that lost it can only repeat what was sent.
 */
export class KafkaRelay {
  private readonly stopping = new AbortController();
  private readonly topic: string;
  private readonly kafka: Kafka;
  private readonly logger: BusLogger;
  private running: Promise<void> = Promise.resolve();
  private state: RelayStatus['state'] = 'starting';
  private error: string | null = null;
  private position = 0;
  private headPosition = 0;
  private failureCount = 0;

  private readonly options: RelayOptions;

  constructor(options: RelayOptions) {
    this.options = options;
    const { service, brokers, topicPrefix = 'specie', logger = silentLogger } = options;
    this.topic = topicName(topicPrefix, service);
    this.logger = logger;
    this.kafka = kafkaClient({ brokers, clientId: `specie-relay-${service}`, logger });
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.state = 'stopped';
  }

  status(): RelayStatus {
    const lag = Math.max(0, this.headPosition - this.position);
    return { state: this.state, position: this.position, lag, error: this.error };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let connection: LogConnection | null = null;
      let producer: Producer | null = null;
      try {
        connection = await LogConnection.open(this.options.databaseUrl, {
          applicationName: `specie relay ${this.options.service}`,
        });
        if (await this.lead(connection)) {
          const partitionCount = await ensureTopic(this.kafka, {
            topic: this.topic,
            partitionCount: this.options.partitionCount ?? 6,
            replicationFactor: this.options.replicationFactor ?? 1,
          });
          // A checkpoint that a crash of the database takes back only makes the relay repeat itself.
          await connection.client.query('set synchronous_commit = off');
          // A new producer per attempt: after a fatal error the old one's sequence numbers are lost.
          producer = this.kafka.producer({
            idempotent: true,
            maxInFlightRequests: 1,
            allowAutoTopicCreation: false,
            createPartitioner: Partitioners.DefaultPartitioner,
          });
          await producer.connect();
          await this.publish(connection, producer, partitionCount);
        }
      } catch (error) {
        this.state = 'failing';
        this.error = describeError(error);
        this.failureCount += 1;
        this.logger.warn('relay failed, starting again from its checkpoint', {
          topic: this.topic,
          error: this.error,
        });
        await pause(
          error instanceof RelayFencedError ? 0 : backoffMs(this.failureCount, 50, 2_000),
          signal,
        );
      } finally {
        await producer?.disconnect().catch(() => undefined);
        await connection?.close();
      }
    }
  }

  /** Waits for the lease. False when the relay was stopped meanwhile. */
  private async lead(connection: LogConnection): Promise<boolean> {
    const { signal } = this.stopping;
    const key = murmur2(`specie relay ${this.topic}`);
    while (!signal.aborted && !connection.isLost) {
      const { rows } = await connection.client.query<{ leads: boolean }>(
        'select pg_try_advisory_lock($1, $2) as leads',
        [relayLockClass, key],
      );
      if (rows[0]?.leads) {
        return true;
      }
      this.state = 'standby';
      this.error = null;
      await pause(leaseRetryMs, signal);
    }
    return false;
  }

  private async publish(
    connection: LogConnection,
    producer: Producer,
    partitionCount: number,
  ): Promise<void> {
    const { pageSize = 1_000, pollMs = 100 } = this.options;
    const { signal } = this.stopping;
    const checkpoint = await RelayCheckpoint.load(connection.client, this.topic, partitionCount);
    let ahead: Promise<readonly LogRecord[]> | null = null;
    for (;;) {
      this.position = checkpoint.position;
      const page = await (ahead ?? connection.read(checkpoint.position, pageSize));
      ahead = null;
      if (signal.aborted) {
        return;
      }
      const head = page.length === 0 || page.length === pageSize ? await connection.head() : null;
      this.headPosition = Math.max(head?.position ?? 0, page.at(-1)?.position ?? 0, this.position);
      this.state = 'running';
      this.error = null;
      this.failureCount = 0;
      if (page.length === 0) {
        await connection.grown(pollMs, signal);
        if (signal.aborted) {
          return;
        }
        continue;
      }
      const epoch = (head ?? (await connection.head())).epoch;
      for (const slice of slicesBySize(page)) {
        await this.send(producer, slice, { checkpoint, epoch, partitionCount });
      }
      const last = page[page.length - 1]?.position ?? checkpoint.position;
      // The page after this one is read while the checkpoint is stored; pg keeps the order of both.
      const stored = checkpoint.store(last);
      if (page.length === pageSize) {
        ahead = connection.read(last, pageSize);
        ahead.catch(() => undefined);
      }
      await stored;
    }
  }

  private async send(
    producer: Producer,
    slice: readonly LogRecord[],
    context: {
      readonly checkpoint: RelayCheckpoint;
      readonly epoch: number;
      readonly partitionCount: number;
    },
  ): Promise<void> {
    const { checkpoint, epoch, partitionCount } = context;
    const messages: (WireMessage & { readonly partition: number })[] = slice.map((record) => {
      const partition = partitionOf(record.streamId, partitionCount);
      const previousPosition = checkpoint.replacePrevious(partition, record.position);
      return {
        ...encodeMessage(record, { source: this.options.service, epoch, previousPosition }),
        partition,
      };
    });
    await producer.send({
      topic: this.topic,
      acks: -1,
      messages: messages.map((message) => ({ ...message, headers: { ...message.headers } })),
    });
  }
}

/** Advisory locks of relays, apart from those of consumers and writers. */
const relayLockClass = murmur2('specie relay lease');

function slicesBySize(page: readonly LogRecord[]): readonly (readonly LogRecord[])[] {
  const slices: LogRecord[][] = [];
  let slice: LogRecord[] = [];
  let bytes = 0;
  for (const record of page) {
    const size = record.data.length + record.metadata.length + headerBytesAbout;
    if (slice.length > 0 && bytes + size > sendBytesMax) {
      slices.push(slice);
      slice = [];
      bytes = 0;
    }
    slice.push(record);
    bytes += size;
  }
  if (slice.length > 0) {
    slices.push(slice);
  }
  return slices;
}
