import type { ServiceApp } from '@specie/nest-platform';

/** Tables of the platform that may change without any change of state: repeats, progress, leases. */
const housekeeping = new Set([
  'command_seen',
  'inbox',
  'relay_checkpoint',
  'consumed',
  'consumed_head',
  'consumption_halt',
  'parked_event',
  'snapshots',
  'writer_lease',
  'lease',
  'log_head',
  'events',
]);

export interface ServiceState {
  /** Last position of the log. */
  readonly position: number;
  /** Digest of the rows of every read model and other table of the service, by table. */
  readonly tables: Readonly<Record<string, string>>;
}

/** What a refused request must leave as it was. */
export async function stateOf(service: ServiceApp): Promise<ServiceState> {
  const { position } = await service.store.head();
  const names = await service.dataSource.query<{ readonly name: string }[]>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const tables: Record<string, string> = {};
  for (const { name } of names.filter((table) => !housekeeping.has(table.name))) {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const [row] = await service.dataSource.query<{ readonly digest: string }[]>(
      `select count(*) || ' rows ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') as digest
         from ${quoted} t`,
    );
    tables[name] = row?.digest ?? '';
  }
  return { position, tables };
}
