import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';

const patienceMs = 5_000;

/**
 * The server that `DATABASE_URL` names, as `host:port`, once it has let us in.
 *
 * @throws Error that names the variable, and never the password.
 */
export async function requireDatabase(databaseUrl: string): Promise<string> {
  const advice =
    'Correct DATABASE_URL, or unset it: then PostgreSQL comes from npm. Expected postgres://user:password@host:port/database.';
  let place: string;
  try {
    place = new URL(databaseUrl).host;
  } catch {
    throw new Error(`DATABASE_URL is not a URL.\n${advice}`);
  }
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: patienceMs,
  });
  try {
    await client.connect();
    await client.query('select 1');
    return place;
  } catch (error) {
    throw new Error(`DATABASE_URL: PostgreSQL at ${place}: ${reasonOf(error)}.\n${advice}`, {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @throws Error that names `KAFKA_BROKERS` when none of them accepts a connection. */
export async function requireBrokers(brokers: string): Promise<void> {
  const failures: string[] = [];
  for (const broker of brokers.split(',')) {
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(broker.trim()) ?? [];
    try {
      const socket = connect({ host, port: Number(port), timeout: patienceMs });
      socket.once('timeout', () => socket.destroy(new Error('no answer')));
      await once(socket, 'connect');
      socket.destroy();
      return;
    } catch (error) {
      failures.push(`${broker}: ${reasonOf(error)}`);
    }
  }
  throw new Error(
    `KAFKA_BROKERS: no broker can be reached (${failures.join('; ')}).\n` +
      'Correct KAFKA_BROKERS (host:port, several separated by commas), or unset it.',
  );
}

/** Where several addresses were tried, the message of the whole is empty. */
function reasonOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first instanceof Error ? first.message : String(first);
}
