import { createPublicKey, type KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { describeError } from '../errors.js';
import { HaltedError, type Fault } from '../halt.js';
import { LogConnection } from '../log-connection.js';
import type { LogRecord } from '../log-record.js';
import { leaseMsDefault } from '../partition-leases.js';
import { partitionOf } from '../partition.js';
import { backoffMs, pause } from '../pause.js';
import { silentLogger, type BusLogger } from '../ports.js';
import { verifyPage } from '../verify/page-verifier.js';
import {
  genesis,
  partitionHash,
  signPartitionHead,
  type ChainPoint,
} from '../verify/partition-chain.js';
import { encodeMessage, type WireMessage } from '../wire.js';
import { ensureTopic, kafkaClient, topicName, type KafkaSecurity } from './kafka-client.js';
import { RelayCheckpoint } from './relay-checkpoint.js';
import { RelayFencedError, RelayLease } from './relay-lease.js';
import { readTopicHeads } from './topic-heads.js';

export interface RelayOptions {
  readonly service: ServiceName;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly security?: KafkaSecurity;
  readonly topicPrefix?: string;
  /** The Ed25519 private key that signs the service's log; it signs the partitions too. */
  readonly signingKey: KeyObject;
  /** Public keys that signed what is in the log already; that of `signingKey` when absent. */
  readonly keys?: readonly KeyObject[];
  /** For a topic that does not exist yet. */
  readonly partitionCount?: number;
  readonly replicationFactor?: number;
  readonly pageSize?: number;
  /** How often the log is looked at when no NOTIFY comes. */
  readonly pollMs?: number;
  /** How long a paused relay keeps the others from relaying. */
  readonly leaseMs?: number;
  readonly logger?: BusLogger;
}

export interface RelayStatus {
  /**
   * `standby`: another instance relays. `failing`: retrying, nothing is skipped. `diverged`: the log does
   * not verify, or lacks what was published, as after a restore; nothing is published.
   */
  readonly state: 'starting' | 'running' | 'standby' | 'failing' | 'diverged' | 'stopped';
  /** Everything up to here is acknowledged by the brokers. */
  readonly position: number;
  /** Events known to be in the log and not acknowledged yet. */
  readonly lag: number;
  readonly error: string | null;
}

/** kafkajs makes one record batch per partition and send; the brokers limit its size. */
const sendBytesMax = 1024 * 1024;
const headerBytesAbout = 800;
const leaseRetryMs = 250;

/**
 * Publishes a service's log to its topic, in position order.
 *
 * R1 An event is sent only after all events before it in its partition are acknowledged or sent with it.
 * R2 The checkpoint moves only over acknowledged events; a crash repeats, it never skips.
 * R3 Only what verifies and is under a signed head is published, and only behind what the topic holds.
 * R4 One relay per service runs, by a lease on the connection that also moves the checkpoint. A paused
 *    relay that goes on after another took over can only repeat what was sent: by R1 its next event
 *    follows events that are in the topic, and the checkpoint it read does not move any more.
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
  private divergence: string | null = null;
  private readonly keys: readonly KeyObject[];

  private readonly options: RelayOptions;

  constructor(options: RelayOptions) {
    this.options = options;
    const { service, brokers, security, topicPrefix = 'specie', logger = silentLogger } = options;
    this.topic = topicName(topicPrefix, service);
    this.keys = options.keys ?? [createPublicKey(options.signingKey)];
    this.logger = logger;
    this.kafka = kafkaClient({ brokers, clientId: `specie-relay-${service}`, logger, security });
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
      let lease: RelayLease | null = null;
      let producer: Producer | null = null;
      try {
        connection = await LogConnection.open(this.options.databaseUrl, {
          applicationName: `specie relay ${this.options.service}`,
        });
        lease = await this.lead(connection);
        if (lease) {
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
          await this.publish(connection, producer, { lease, partitionCount });
        }
      } catch (error) {
        this.fail(error);
        await pause(
          error instanceof RelayFencedError ? 0 : backoffMs(this.failureCount, 50, 2_000),
          signal,
        );
      } finally {
        await producer?.disconnect().catch(() => undefined);
        await lease?.release();
        await connection?.close();
      }
    }
  }

  private fail(error: unknown): void {
    this.error = describeError(error);
    this.failureCount += 1;
    const place = { topic: this.topic, error: this.error };
    if (!(error instanceof HaltedError)) {
      this.state = 'failing';
      this.logger.warn('relay failed, starting again from its checkpoint', place);
      return;
    }
    this.state = 'diverged';
    if (this.divergence !== this.error) {
      this.logger.error('the log is not the one that was published: nothing is published', place);
    }
    this.divergence = this.error;
  }

  /** Waits for the lease. Null when the relay was stopped meanwhile. */
  private async lead(connection: LogConnection): Promise<RelayLease | null> {
    const { signal } = this.stopping;
    while (!signal.aborted && !connection.isLost) {
      const { leaseMs = leaseMsDefault } = this.options;
      const lease = await RelayLease.take(connection.client, this.topic, leaseMs);
      if (lease) {
        return lease;
      }
      this.state = 'standby';
      this.error = null;
      await pause(leaseRetryMs, signal);
    }
    return null;
  }

  private async publish(
    connection: LogConnection,
    producer: Producer,
    { lease, partitionCount }: { readonly lease: RelayLease; readonly partitionCount: number },
  ): Promise<void> {
    const { pageSize = 1_000, pollMs = 1_000 } = this.options;
    const { signal } = this.stopping;
    const checkpoint = await RelayCheckpoint.load(connection.client, this.topic, partitionCount);
    await this.compareWithTopic(connection, checkpoint);
    let ahead: Promise<readonly LogRecord[]> | null = null;
    for (;;) {
      this.position = checkpoint.point.position;
      const { records: page, isFull } = await this.provenPage(
        connection,
        checkpoint.point,
        ahead ?? undefined,
      );
      ahead = null;
      if (signal.aborted) {
        return;
      }
      lease.assertHeld();
      const head = isFull ? await connection.head() : null;
      this.headPosition = Math.max(head?.position ?? 0, page.at(-1)?.position ?? 0, this.position);
      this.state = 'running';
      this.error = null;
      this.divergence = null;
      this.failureCount = 0;
      const last = page.at(-1);
      if (last === undefined) {
        await connection.grown(pollMs, signal);
        if (signal.aborted) {
          return;
        }
        continue;
      }
      const epoch = (head ?? (await connection.head())).epoch;
      for (const slice of slicesBySize(page)) {
        lease.assertHeld();
        await this.send(producer, slice, { checkpoint, epoch, partitionCount });
      }
      // The page after this one is read while the checkpoint is stored; pg keeps the order of both.
      const stored = checkpoint.store({ position: last.position, hash: last.chainHash });
      if (isFull) {
        ahead = connection.read(last.position, pageSize);
        ahead.catch(() => undefined);
      }
      await stored;
    }
  }

  /** The events behind `after` up to the last signed head of a page. @throws HaltedError when they do not verify. */
  private async provenPage(
    connection: LogConnection,
    after: ChainPoint,
    read?: Promise<readonly LogRecord[]>,
  ): Promise<{ readonly records: readonly LogRecord[]; readonly isFull: boolean }> {
    const { service, pageSize = 1_000 } = this.options;
    // An append may be longer than a page: its signature is looked for in pages that grow.
    for (let limit = pageSize; ; limit *= 2) {
      const page = await (limit === pageSize && read
        ? read
        : connection.read(after.position, limit));
      const isEnd = page.length < limit + (after.position === 0 ? 0 : 1);
      const { keys } = this;
      const { records, fault } = verifyPage({
        logName: service,
        keys,
        after,
        records: page,
        isEnd,
      });
      if (fault) {
        throw this.halted(fault);
      }
      if (records.length > 0 || isEnd) {
        return { records, isFull: !isEnd };
      }
    }
  }

  /**
   * Finds a log that its topic knows better, as after a restore from an older backup: every partition of the
   * topic must end at an event that the log has there too. @throws HaltedError otherwise.
   */
  private async compareWithTopic(
    connection: LogConnection,
    checkpoint: RelayCheckpoint,
  ): Promise<void> {
    const { service, topicPrefix = 'specie' } = this.options;
    const heads = await readTopicHeads(this.kafka, {
      logName: service,
      topic: this.topic,
      groupId: `${topicPrefix}.${service}.relay`,
      keys: this.keys,
    });
    const open = new Map([...heads].filter(([, { position }]) => position > 0));
    if (open.size === 0 && checkpoint.point.position > 0) {
      this.logger.warn('the topic was created again and is republished', { topic: this.topic });
      await checkpoint.restart();
    }
    let { point } = checkpoint;
    const standing = [...checkpoint.partitionHeads];
    const settle = (partition: number): void => {
      const expected = open.get(partition);
      const found = standing[partition] ?? genesis;
      if (expected && found.position >= expected.position) {
        open.delete(partition);
        if (found.position === expected.position && !found.hash.equals(expected.hash)) {
          throw this.halted(divergedAt(expected.position, 'the topic has another event there'));
        }
      }
    };
    standing.forEach((_, partition) => settle(partition));
    while (open.size > 0) {
      const { records } = await this.provenPage(connection, point);
      for (const record of records) {
        const partition = partitionOf(record.streamId, standing.length);
        const before = standing[partition] ?? genesis;
        const hash = partitionHash(service, before, record);
        standing[partition] = { position: record.position, hash };
        settle(partition);
      }
      const last = records.at(-1);
      if (last === undefined && open.size > 0) {
        const [first] = [...open.values()].toSorted((a, b) => a.position - b.position);
        const detail = `the log ends at ${point.position}, and the topic has what follows`;
        throw this.halted(divergedAt(first?.position ?? 0, detail));
      }
      point = last ? { position: last.position, hash: last.chainHash } : point;
    }
  }

  private halted(fault: Fault): HaltedError {
    return new HaltedError(this.options.service, -1, fault);
  }

  /** Sends a slice. Within it each partition's messages prove themselves from the first to the signed last. */
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
    const { service, signingKey } = this.options;
    const lastOf = new Map(
      slice.map((record) => [partitionOf(record.streamId, partitionCount), record.position]),
    );
    const started = new Set<number>();
    const messages = slice.map((record): WireMessage & { readonly partition: number } => {
      const partition = partitionOf(record.streamId, partitionCount);
      const { before, after } = checkpoint.follow(partition, service, record);
      const head = { logName: service, topic: this.topic, partition, ...after };
      const isLast = lastOf.get(partition) === record.position;
      const proof = {
        hash: after.hash,
        previousHash: started.has(partition) ? null : before.hash,
        signature: isLast ? signPartitionHead(head, signingKey) : null,
      };
      started.add(partition);
      const wire = { source: service, epoch, previousPosition: before.position };
      return { ...encodeMessage(record, wire, proof), partition };
    });
    await producer.send({
      topic: this.topic,
      acks: -1,
      messages: messages.map((message) => ({ ...message, headers: { ...message.headers } })),
    });
  }
}

function divergedAt(position: number, detail: string): Fault {
  return { reason: 'diverged', position, kafkaOffset: null, detail };
}

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
