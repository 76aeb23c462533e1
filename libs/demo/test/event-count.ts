import pg from 'pg';

/** How many events the log of a service's database holds. */
export async function countEvents(databaseUrl: string): Promise<number> {
  const [row] = await queryOf<{ count: string }>(databaseUrl, 'select count(*) from events');
  return Number(row?.count);
}

/** The rows of one statement, on a connection of its own. */
export async function queryOf<Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(text, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}
