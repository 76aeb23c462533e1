import { type Platform, type ServiceName, serviceNames } from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';
import { queryOf } from '../event-count.js';

export const restoredService = 'issuance' satisfies ServiceName;
const service = restoredService;
const backup = 'backup_of_issuance';
const newest = 'newest_of_issuance';
const deadlineMs = 90_000;

interface Run {
  readonly platform: Platform;
  readonly say: (line: string) => void;
}

/** Copies the database of issuance while the platform runs. */
export async function takeBackup({ platform, say }: Run): Promise<readonly string[]> {
  await platform.postgres.copyDatabase(databaseOf(platform), backup);
  say(`took a backup of ${service}`);
  return [];
}

/**
 * Brings issuance back from the backup and starts it, as somebody does who has not read docs/restore.md.
 * Everybody must notice and swallow nothing. Then it does what that page says, and all go on.
 *
 * @returns what broke: a log that lost events and was followed all the same.
 */
export async function restoreBackup({ platform, say }: Run): Promise<readonly string[]> {
  const instances = platform.processes.filter(({ name }) => name.startsWith(service));
  const [first] = instances;
  if (!first) throw new Error(`no instance of ${service}`);
  const stop = async (): Promise<void> => {
    await Promise.all(instances.map((instance) => instance.stop()));
  };
  const findings: string[] = [];
  await stop();
  await platform.postgres.copyDatabase(databaseOf(platform), newest);
  await platform.postgres.copyDatabase(backup, databaseOf(platform));
  first.start();
  const isNoticed = platform.kafka
    ? await within(() => isRelayDiverged(first.url))
    : await within(async () => (await divergedConsumers(platform)).length > 0);
  if (!isNoticed) findings.push(`nobody noticed that the log of ${service} lost events`);
  await stop();
  if (platform.kafka) {
    // What it accepted meanwhile is a branch that cannot be kept.
    await platform.postgres.copyDatabase(backup, databaseOf(platform));
    say((await first.command('restore-log')).trim());
  } else {
    await platform.postgres.copyDatabase(newest, databaseOf(platform));
  }
  instances.forEach((instance) => instance.start());
  await Promise.all(instances.map((instance) => instance.ready(deadlineMs)));
  if (!(await within(async () => (await divergedConsumers(platform)).length === 0)))
    findings.push(
      `${String(await divergedConsumers(platform))} stand still though the log is whole`,
    );
  say(`restored ${service} from a backup and put back what it lacked`);
  return findings;
}

/** The services that say that the log of issuance no longer holds what they consumed. */
async function divergedConsumers(platform: Platform): Promise<readonly ServiceName[]> {
  const diverged: ServiceName[] = [];
  for (const consumer of serviceNames) {
    const rows = await queryOf(
      platform.databaseUrl(consumer),
      `select 1 from consumption_halt where source = $1 and reason = 'diverged' limit 1`,
      [service],
    );
    if (rows.length > 0) diverged.push(consumer);
  }
  return diverged;
}

async function isRelayDiverged(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    const body = (await response.json()) as { details?: { relay?: { state?: string } } };
    return response.status === 503 && body.details?.relay?.state === 'diverged';
  } catch {
    return false;
  }
}

async function within(condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(200);
  }
  return true;
}

function databaseOf(platform: Platform): string {
  return new URL(platform.databaseUrl(service)).pathname.slice(1);
}
