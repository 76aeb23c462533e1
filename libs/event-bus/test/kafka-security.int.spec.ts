import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaAvailability, startKafka, type KafkaServer } from '@specie/local-platform';
import { Certificates, opensslSkipReason } from '@specie/testing';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureTopic, kafkaClient, silentLogger, type KafkaSecurity } from '../src/index.js';
import { readTopicHeads } from '../src/kafka/topic-heads.js';
import { eventually, kafkaSkipReason } from './world.js';

/** A broker of its own, with Java: the one of KAFKA_BROKERS or Docker has the rules of whoever runs it. */
async function skipReason(): Promise<string | null> {
  const { way } = await kafkaAvailability();
  if (kafkaSkipReason !== null || way !== 'java') {
    return kafkaSkipReason ?? 'no Java to start a broker of its own';
  }
  return opensslSkipReason();
}
const reason = await skipReason();

/** Passwords of this test's own broker. */
const users = { admin: 'admin-pw', issuance: 'issuance-pw', market: 'market-pw' };
const services = ['issuance', 'market'] as const;
const topicOf = (service: string): string => `specie.${service}.v1`;

describe.skipIf(reason !== null)(
  `Kafka with TLS, SASL and ACLs${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let folder: string;
    let certificates: Certificates;
    let broker: KafkaServer & { readonly mutualTlsBrokers?: string };
    let ca: string;

    const as = (username: keyof typeof users, password = users[username]): KafkaSecurity => ({
      ssl: { ca },
      sasl: { mechanism: 'scram-sha-512', username, password },
    });
    const client = (security: KafkaSecurity | undefined, brokers = broker.brokers) =>
      kafkaClient({
        brokers: [brokers],
        clientId: 'test',
        logger: silentLogger,
        security,
        retries: 1,
      });

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'specie-kafka-tls-'));
      certificates = new Certificates(folder);
      certificates.authority('stranger');
      certificates.issue('broker');
      certificates.issue('market');
      ca = certificates.pem('ca.pem');
      broker = await startKafka({
        dataDir: join(folder, 'kafka'),
        security: {
          keyPem: certificates.pem('broker.key'),
          certificatePem: certificates.pem('broker.pem'),
          caPem: ca,
          admin: 'admin',
          users,
        },
      });
      const admin = client(as('admin')).admin();
      await admin.connect();
      for (const service of services) {
        await ensureTopic(client(as('admin')), {
          topic: topicOf(service),
          partitionCount: 2,
          replicationFactor: 1,
        });
      }
      // A fresh broker needs a moment until it coordinates groups.
      await write(as('admin'), 'issuance');
      await eventually('it coordinates groups', () =>
        readOne(as('admin'), 'issuance', 'warm-up').then(
          () => true,
          () => false,
        ),
      );
      await admin.createAcls({ acl: services.flatMap((service) => aclsOf(service)) });
      await admin.disconnect();
    }, 120_000);

    afterAll(async () => {
      await broker.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    /** The rules of infra/README.md. */
    function aclsOf(service: string) {
      const rule = {
        principal: `User:${service}`,
        host: '*',
        permissionType: AclPermissionTypes.ALLOW,
      };
      const literal = { ...rule, resourcePatternType: ResourcePatternTypes.LITERAL };
      return [
        {
          ...literal,
          resourceType: AclResourceTypes.TOPIC,
          resourceName: topicOf(service),
          operation: AclOperationTypes.WRITE,
        },
        {
          ...rule,
          resourcePatternType: ResourcePatternTypes.PREFIXED,
          resourceType: AclResourceTypes.TOPIC,
          resourceName: 'specie.',
          operation: AclOperationTypes.READ,
        },
        {
          ...rule,
          resourcePatternType: ResourcePatternTypes.PREFIXED,
          resourceType: AclResourceTypes.GROUP,
          resourceName: `specie.${service}.`,
          operation: AclOperationTypes.READ,
        },
      ];
    }

    async function write(
      security: KafkaSecurity,
      service: string,
      brokers = broker.brokers,
    ): Promise<void> {
      const producer = client(security, brokers).producer({
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await producer.connect();
      try {
        await producer.send({
          topic: topicOf(service),
          acks: -1,
          messages: [{ key: 'a', value: '{}' }],
        });
      } finally {
        await producer.disconnect();
      }
    }

    async function readOne(
      security: KafkaSecurity,
      service: string,
      groupId: string,
    ): Promise<void> {
      const consumer = client(security).consumer({ groupId, retry: { retries: 5 } });
      await consumer.connect();
      try {
        await consumer.subscribe({ topics: [topicOf(service)], fromBeginning: true });
        let seen = 0;
        let failure: Error | null = null;
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          failure = payload.error;
        });
        await consumer.run({
          eachMessage: () => {
            seen += 1;
            return Promise.resolve();
          },
        });
        await eventually('a message or an error', () => seen > 0 || failure !== null);
        if (failure) {
          throw failure as Error;
        }
      } finally {
        await consumer.disconnect();
      }
    }

    it('lets a service write to its own topic and to no other', async () => {
      await write(as('issuance'), 'issuance');
      await expect(write(as('issuance'), 'market')).rejects.toThrow(/not authorized/i);
      await write(as('market'), 'market');
      await expect(write(as('market'), 'issuance')).rejects.toThrow(/not authorized/i);
    });

    it('lets a service read what others publish, by groups of its own name only', async () => {
      await write(as('issuance'), 'issuance');
      await readOne(as('market'), 'issuance', 'specie.market.issuance');
      // Depending on when it asks, kafkajs says that it may not or that it finds no coordinator.
      await expect(readOne(as('market'), 'issuance', 'specie.issuance.deals')).rejects.toThrow(
        /group/i,
      );
    });

    it('needs no right to create topics where they are there, and says so where they are not', async () => {
      const topic = { partitionCount: 2, replicationFactor: 1 };
      expect(
        await ensureTopic(client(as('market')), { ...topic, topic: topicOf('issuance') }),
      ).toBe(2);
      await expect(
        ensureTopic(client(as('market')), { ...topic, topic: topicOf('deals') }),
      ).rejects.toThrow(/specie\.deals\.v1/);
      const heads = {
        logName: 'market',
        topic: topicOf('market'),
        groupId: 'specie.market.relay',
        keys: [],
      } as const;
      // Its relay must see the end of its own topic; without keys nothing there counts as signed.
      const read = await readTopicHeads(client(as('market')), heads);
      expect([...read.values()].filter(({ position }) => position > 0)).toEqual([]);
    });

    it('refuses a wrong password, an unknown user and a client that gives neither', async () => {
      await expect(write(as('issuance', 'wrong'), 'issuance')).rejects.toThrow(
        /authentication|credentials/i,
      );
      const stranger = { mechanism: 'scram-sha-512', username: 'stranger', password: 'x' } as const;
      await expect(write({ ssl: { ca }, sasl: stranger }, 'issuance')).rejects.toThrow(
        /authentication|credentials/i,
      );
      await expect(write({ ssl: { ca } }, 'issuance')).rejects.toThrow();
    });

    it('refuses brokers whose certificate another authority signed', async () => {
      const { sasl } = as('issuance');
      await expect(
        write({ ssl: { ca: certificates.pem('stranger.pem') }, sasl }, 'issuance'),
      ).rejects.toThrow(/certificate/i);
    });

    it('knows a client by its certificate (mTLS), under the same rules', async () => {
      const brokers = broker.mutualTlsBrokers ?? '';
      const ssl = { ca, cert: certificates.pem('market.pem'), key: certificates.pem('market.key') };
      await write({ ssl }, 'market', brokers);
      await expect(write({ ssl }, 'issuance', brokers)).rejects.toThrow(/not authorized/i);
      await expect(write({ ssl: { ca } }, 'market', brokers)).rejects.toThrow();
    });
  },
);
