import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TransportName, World } from './world.js';

export interface ChildSettings {
  readonly role: 'consumer' | 'relay';
  readonly transport: TransportName;
  readonly publisherUrl: string;
  readonly consumerUrl: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** PEM of the key that signs the publisher's log. */
  readonly signingKey: string;
  /** For partitions and relay; on Kafka the group's session timeout, which the broker keeps above 6 s. */
  readonly leaseMs: number;
  /** Its events wait at their gate and then fail. */
  readonly failingStream?: string;
  /** Its events wait at their gate inside the transaction of their effect. */
  readonly holdingStream?: string;
}

export function settingsOf(world: World, role: ChildSettings['role']): ChildSettings {
  const { transport, publisher, consumer, brokers, topicPrefix } = world;
  return {
    role,
    transport,
    publisherUrl: publisher.database.url,
    consumerUrl: consumer.database.url,
    brokers,
    topicPrefix,
    signingKey: world.signingKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    leaseMs: transport === 'kafka' && role === 'consumer' ? 6_000 : 2_000,
  };
}

/** Runs `child-process.ts`. */
export function startChild(settings: ChildSettings): ChildProcess {
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  return spawn(
    process.execPath,
    [
      '--no-warnings',
      '--experimental-transform-types',
      '--conditions=@specie/source',
      `--import=${file('../../testing/typescript-sources.mjs')}`,
      file('child-process.ts'),
    ],
    {
      env: { ...process.env, CHILD_SETTINGS: JSON.stringify(settings) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** Ends a child, paused or not. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}
