import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from './log-record.js';
import { partitionOf } from './partition.js';
import { decodeMessage, encodeMessage, packMessage, unpackMessage } from './wire.js';

const record: LogRecord = {
  position: 4_000_000_001,
  streamId: 'deal-3f0c8c1e-0000-4000-8000-000000000001',
  streamVersion: 7,
  eventId: '3f0c8c1e-0000-4000-8000-000000000002',
  commandId: '3f0c8c1e-0000-4000-8000-000000000003',
  type: 'deals.tranche-opened',
  schemaVersion: 2,
  occurredAt: '2026-03-02T09:30:00.000Z',
  effectiveAt: '2026-03-02T09:30:00.001Z',
  recordedAt: '2026-03-02T09:30:00.002Z',
  metadata: Buffer.from('{"actor":"service:deals"}'),
  data: Buffer.from('{"tokens":"1000.000000"}'),
  chainHash: Buffer.alloc(32, 0xab),
  headSignature: Buffer.alloc(64, 0xcd),
};
const context = { source: 'deals', epoch: 3, previousPosition: 3_999_999_990 } as const;

function received(message: ReturnType<typeof encodeMessage>) {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Buffer.from(value)]),
  );
  return { key: Buffer.from(message.key), value: message.value, headers };
}

describe('wire form', () => {
  it('rebuilds every field, byte for byte', () => {
    const proof = {
      hash: Buffer.alloc(32, 0x01),
      previousHash: Buffer.alloc(32, 0x02),
      signature: Buffer.alloc(64, 0x03),
    };
    expect(decodeMessage(received(encodeMessage(record, context, proof)))).toEqual({
      ...context,
      record,
      proof,
    });
  });

  it('leaves the signature out where there is none', () => {
    const unsigned = { ...record, headSignature: null };
    const message = encodeMessage(unsigned, context);
    expect(Object.keys(message.headers)).not.toContain('ce_headsignature');
    expect(decodeMessage(received(message)).record).toEqual(unsigned);
  });

  it('keeps a packed message as it was', () => {
    const message = received(encodeMessage(record, context));
    const unpacked = unpackMessage(packMessage({ ...message, key: record.streamId }));
    expect(decodeMessage({ ...unpacked })).toEqual({ ...context, record, proof: null });
  });

  it.each(['ce_id', 'ce_sequence', 'ce_metadata', 'ce_chainhash', 'ce_prevposition', 'ce_subject'])(
    'refuses a message without %s',
    (name) => {
      const message = received(encodeMessage(record, context));
      const headers = Object.fromEntries(
        Object.entries(message.headers).filter(([header]) => header !== name),
      );
      expect(() => decodeMessage({ ...message, headers })).toThrow(name);
    },
  );

  it.each([
    ['ce_sequence', '007'],
    ['ce_streamversion', '2147483648'],
    ['ce_schemaversion', '32768'],
    ['ce_id', '3F0C8C1E-0000-4000-8000-000000000002'],
    ['ce_time', '2026-03-02T09:30:00Z'],
    ['ce_chainhash', 'AB'.repeat(32)],
    ['ce_headsignature', 'AAAA'],
    ['ce_partitionhash', Buffer.alloc(32).toString('base64url')],
    ['ce_source', 'deals'],
  ])('accepts one form of %s only', (name, value) => {
    const message = received(encodeMessage(record, context));
    const headers = { ...message.headers, [name]: Buffer.from(value) };
    expect(() => decodeMessage({ ...message, headers })).toThrow(name);
  });

  it.each([
    ['a key that is not the subject', { key: Buffer.from('deal-other') }],
    ['no key', { key: null }],
    ['no value', { value: null }],
    [
      'a position that is no number',
      {
        headers: {
          ...received(encodeMessage(record, context)).headers,
          ce_sequence: Buffer.from('-1'),
        },
      },
    ],
  ])('refuses %s', (_, change) => {
    expect(() =>
      decodeMessage({ ...received(encodeMessage(record, context)), ...change }),
    ).toThrow();
  });
});

describe('partitionOf', () => {
  it('agrees with the default partitioner of the Kafka client', () => {
    const partitioner = kafkajs.Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 6 }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [1],
      isr: [1],
    }));
    const keys = [
      '',
      'a',
      'ab',
      'abc',
      'abcd',
      'shard-main',
      'deal-é',
      '日本',
      ...Array.from({ length: 500 }, (_, i) => `deal-${i * 7919}`),
    ];
    for (const key of keys) {
      const theirs = partitioner({ topic: 't', partitionMetadata, message: { key, value: '' } });
      expect([key, partitionOf(key, 6)]).toEqual([key, key === '' ? partitionOf('', 6) : theirs]);
    }
  });
});
