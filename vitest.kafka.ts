import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { kafkaAvailability, startKafka } from './libs/local-platform/src/kafka.js';
import { isAskedFor } from './vitest.selection.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Comma-separated `host:port`, or null when Kafka cannot run here. */
    kafkaBrokers: string | null;
    /** Why Kafka suites are skipped; null when they run. */
    kafkaSkipReason: string | null;
  }
}

/**
 * Gives the whole run one Kafka, if a selected spec asks for it: the brokers of `KAFKA_BROKERS`, or a node of
 * its own in a temporary directory. Without Java or Docker the Kafka suites say so and are skipped;
 * `REQUIRE_KAFKA=1` makes that a failure. `SPECIE_KAFKA=0` leaves Kafka out, for a quick run of something else.
 */
export default async function setUpKafka(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  if (!isAskedFor(project, 'kafkaBrokers', 'kafkaSkipReason')) {
    project.provide('kafkaSkipReason', 'no import of this run was seen to lead to Kafka');
    return undefined;
  }
  const isRequired = process.env['REQUIRE_KAFKA'] === '1';
  const availability = await kafkaAvailability();
  const skipReason =
    availability.way === null
      ? availability.reason
      : process.env['SPECIE_KAFKA'] === '0' && !isRequired
        ? 'SPECIE_KAFKA=0'
        : null;
  project.provide('kafkaSkipReason', skipReason);
  if (skipReason !== null) {
    if (isRequired) {
      throw new Error(`REQUIRE_KAFKA=1, but ${skipReason}`);
    }
    project.provide('kafkaBrokers', null);
    return undefined;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'specie-test-kafka-'));
  const server = await startKafka({ dataDir });
  project.provide('kafkaBrokers', server.brokers);
  return async () => {
    // Nothing in it is needed any more: no orderly shutdown.
    await server.kill();
    await rm(dataDir, { recursive: true, force: true });
  };
}
