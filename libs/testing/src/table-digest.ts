import pg from 'pg';

/** What a table holds, in short. */
export interface TableDigest {
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** SHA-256, hex, over the rows as JSON. */
  readonly digest: string;
}

/** Digest of a table over some of its columns; the order of rows and columns does not matter. */
export async function digestOfTable(
  databaseUrl: string,
  table: string,
  columns: readonly string[],
): Promise<TableDigest> {
  // Instants are written in the zone of the session.
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c timezone=UTC' });
  await client.connect();
  try {
    const names = columns.map((column) => `"${column}"`).join(', ');
    const { rows } = await client.query<Omit<TableDigest, 'columns'>>(
      `select count(*)::int as "rowCount",
          encode(sha256(convert_to(coalesce(string_agg(line, E'\\n' order by line), ''), 'UTF8')), 'hex') as digest
         from (select to_jsonb(row)::text collate "C" as line from (select ${names} from "${table}") row) lines`,
    );
    const [digest] = rows;
    if (digest === undefined) throw new Error(`no digest of ${table}`);
    return { columns, ...digest };
  } finally {
    await client.end();
  }
}
