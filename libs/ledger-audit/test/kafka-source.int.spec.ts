import { randomUUID } from 'node:crypto';
import { encodeMessage, partitionOf, type WireMessage } from '@specie/event-bus';
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  epochMsOf,
  kafkaSource,
  rebuildAndVerify,
  type AuditReport,
  type LogRecord,
} from '../src/index.js';
import { publicKeys } from './log-writer.js';
import { tellStory, writeStory } from './story.js';

const skipReason = inject('kafkaSkipReason' as never) as string | null;
const brokers = inject('kafkaBrokers' as never) as string | null;
const partitionCount = 6;

type Service = keyof ReturnType<typeof writeStory>;
interface Sent {
  readonly record: LogRecord;
  readonly message: WireMessage;
  readonly partition: number;
}
type Copies = Record<Service, Sent[]>;

describe.skipIf(skipReason !== null)(
  `Rebuild from Kafka${skipReason === null ? '' : ` (${skipReason})`}`,
  () => {
    let admin: Admin;
    let producer: Producer;
    const logs = writeStory(tellStory(), 4);
    const eventCount = Object.values(logs).reduce((sum, { length }) => sum + length, 0);

    beforeAll(async () => {
      const kafka = new Kafka({
        clientId: 'audit-spec',
        brokers: (brokers ?? '').split(','),
        logLevel: logLevel.NOTHING,
      });
      admin = kafka.admin();
      producer = kafka.producer({ idempotent: true });
      await Promise.all([admin.connect(), producer.connect()]);
    });
    afterAll(() => Promise.all([admin.disconnect(), producer.disconnect()]));

    it('merges the partitions of every topic back into logs and proves them', async () => {
      const report = await publishAndAudit(() => undefined);
      expect(report.findings).toEqual([]);
      expect(report).toMatchObject({
        ok: true,
        source: 'kafka',
        eventCount,
        gpuSeconds: { total: '7200' },
      });
    });

    it('drops what the relay repeats after a restart', async () => {
      const report = await publishAndAudit((copies) => {
        copies.issuance.splice(14, 0, ...copies.issuance.slice(6, 14));
      });
      expect(report.findings).toEqual([]);
      expect(report).toMatchObject({ ok: true, eventCount });
    });

    it.each(['data', 'metadata', 'chain hash', 'recorded at'])(
      'names the event in which a byte of its %s changed',
      async (part) => {
        const report = await publishAndAudit((copies) => {
          const sent = at(copies.issuance, 11);
          const { value, headers } = sent.message;
          const changed: Record<string, WireMessage> = {
            data: { ...sent.message, value: flip(value, value.indexOf('100.000000') + 1) },
            metadata: header(
              sent,
              'ce_metadata',
              flip(Buffer.from(headers['ce_metadata'] ?? ''), 12),
            ),
            'chain hash': header(
              sent,
              'ce_chainhash',
              `${headers['ce_chainhash']?.toString().startsWith('0') ? '1' : '0'}${headers['ce_chainhash']?.toString().slice(1)}`,
            ),
            'recorded at': header(sent, 'ce_recordedat', '2026-03-02T10:00:00.001Z'),
          };
          replace(copies.issuance, 11, changed[part]);
        });
        expect(found(report)).toEqual([['issuance', 11, at(logs.issuance, 11).eventId, 'altered']]);
      },
    );

    it('names an event whose headers lost their form', async () => {
      const report = await publishAndAudit((copies) => {
        const sent = at(copies.issuance, 11);
        replace(copies.issuance, 11, header(sent, 'ce_id', sent.record.eventId.toUpperCase()));
      });
      expect(found(report)).toContainEqual(['issuance', 11, null, 'undecodable']);
    });

    it('names an event that was deleted', async () => {
      const report = await publishAndAudit((copies) => {
        copies.issuance.splice(10, 1);
      });
      expect(found(report)).toEqual([['issuance', 11, at(logs.issuance, 11).eventId, 'missing']]);
    });

    it('names the end of a log that was cut off', async () => {
      const end = logs.market.length;
      const report = await publishAndAudit(
        (copies) => {
          copies.market.pop();
        },
        { market: end },
      );
      expect(found(report)).toContainEqual(['market', end, null, 'missing']);
    });

    it('names an event that comes before an earlier one of its partition', async () => {
      const report = await publishAndAudit((copies) => {
        const [first, second] = [at(copies.market, 2), at(copies.market, 3)];
        copies.market.splice(1, 2, second, first);
      });
      expect(found(report)).toEqual([['market', 2, at(logs.market, 2).eventId, 'reordered']]);
    });

    it('names two events whose contents were swapped', async () => {
      const report = await publishAndAudit((copies) => {
        const [first, second] = [at(copies.market, 2), at(copies.market, 3)];
        const place = (sent: Sent, of: Sent): WireMessage => ({
          ...sent.message,
          headers: {
            ...sent.message.headers,
            ce_sequence: of.message.headers['ce_sequence'] ?? '',
            ce_streamversion: of.message.headers['ce_streamversion'] ?? '',
          },
        });
        replace(copies.market, 2, place(second, first));
        replace(copies.market, 3, place(first, second));
      });
      expect(found(report)).toEqual([
        ['market', 2, at(logs.market, 3).eventId, 'reordered'],
        ['market', 3, at(logs.market, 2).eventId, 'reordered'],
      ]);
    });

    it('names an event that was appended', async () => {
      const forgedId = randomUUID();
      const report = await publishAndAudit((copies) => {
        const last = at(copies.market, logs.market.length);
        const { ce_headsignature: _signature, ...headers } = last.message.headers;
        const position = String(logs.market.length + 1);
        const forged = {
          ...headers,
          ce_sequence: position,
          ce_streamversion: position,
          ce_id: forgedId,
          ce_commandid: forgedId,
        };
        copies.market.push({ ...last, message: { ...last.message, headers: forged } });
      });
      expect(found(report)).toEqual([['market', logs.market.length + 1, forgedId, 'forged']]);
    });

    it('names a second event at a position that is taken', async () => {
      const report = await publishAndAudit((copies) => {
        const sent = at(copies.market, 3);
        const { value } = sent.message;
        copies.market.push({
          ...sent,
          message: { ...sent.message, value: flip(value, value.indexOf('100.000000') + 1) },
        });
      });
      expect(found(report)).toEqual([['market', 3, at(logs.market, 3).eventId, 'forked']]);
    });

    async function publishAndAudit(
      tamper: (copies: Copies) => void,
      knownPositions: Partial<Record<Service, number>> = {},
    ): Promise<AuditReport> {
      const topicPrefix = `audit-${randomUUID()}`;
      const copies = Object.fromEntries(
        Object.entries(logs).map(([service, records]) => [
          service,
          copiesOf(service as Service, records),
        ]),
      ) as Copies;
      tamper(copies);
      await admin.createTopics({
        waitForLeaders: true,
        topics: Object.keys(copies).map((service) => ({
          topic: `${topicPrefix}.${service}.v1`,
          numPartitions: partitionCount,
        })),
      });
      for (const [service, sent] of Object.entries(copies)) {
        for (const { message, partition } of sent) {
          const { key, value, headers } = message;
          await producer.send({
            topic: `${topicPrefix}.${service}.v1`,
            acks: -1,
            messages: [{ key, value, headers: { ...headers }, partition }],
          });
        }
      }
      const source = kafkaSource({
        brokers: (brokers ?? '').split(','),
        topicPrefix,
        knownPositions,
        settleMs: 300,
      });
      return rebuildAndVerify({ source, keys: publicKeys, knownPositions });
    }
  },
);

function copiesOf(service: Service, records: readonly LogRecord[]): Sent[] {
  const previous = new Map<number, number>();
  return records.map((record) => {
    const partition = partitionOf(record.streamId, partitionCount);
    const message = encodeMessage(
      {
        ...record,
        occurredAt: new Date(epochMsOf(record.occurredAtMicros)).toISOString(),
        effectiveAt: new Date(epochMsOf(record.effectiveAtMicros)).toISOString(),
        recordedAt: new Date(epochMsOf(record.recordedAtMicros)).toISOString(),
      },
      { source: service, epoch: 1, previousPosition: previous.get(partition) ?? 0 },
    );
    previous.set(partition, record.position);
    return { record, message, partition };
  });
}

function found(report: AuditReport): readonly unknown[] {
  expect(report.ok).toBe(false);
  return report.findings.map(({ service, position, eventId, kind }) => [
    service,
    position,
    eventId,
    kind,
  ]);
}

function at<T>(items: readonly T[], position: number): T {
  const item = items[position - 1];
  if (item === undefined) {
    throw new Error(`no position ${position}`);
  }
  return item;
}

function replace(copies: Sent[], position: number, message: WireMessage | undefined): void {
  const sent = at(copies, position);
  copies[position - 1] = { ...sent, message: message ?? sent.message };
}

function header({ message }: Sent, name: string, value: string | Buffer): WireMessage {
  return { ...message, headers: { ...message.headers, [name]: value } };
}

/** Changes one digit or letter so that the text stays what it was: JSON. */
function flip(bytes: Buffer, index: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[index] = changed[index] === 0x31 ? 0x32 : 0x31;
  return changed;
}
