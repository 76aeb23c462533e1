import pg from 'pg';

/** How many events the log of a service's database holds. */
export async function countEvents(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>('select count(*) from events');
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
