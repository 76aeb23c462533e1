import type { ServiceName } from '@specie/contracts';
import { LeaseTable, type Lease } from '@specie/postgres-event-store';
import type { DataSource } from 'typeorm';

export interface Progress {
  readonly partition: number;
  readonly position: number;
  /** Of the log on the postgres transport, of the partition's own chain on Kafka; null before verification existed. */
  readonly chainHash: Buffer | null;
  /** The offset to read next, null on the postgres transport. */
  readonly nextOffset: bigint | null;
}

/** The end of a send of the relay, remembered so that another branch of the log is told from a repeat. */
export interface ConsumedHead {
  readonly partition: number;
  readonly position: number;
  readonly hash: Buffer;
}

/** Progress that counts only while its lease is held. */
export interface OwnedProgress extends Progress {
  readonly lease: Lease;
}

/**
 * The consumer's own memory in its own database: high water per partition. See `ParkedEvents` for what is set aside.
 * Kafka's group offsets are a copy of it; after a restore of the database it is this that counts.
 */
export class ConsumptionStore {
  private readonly dataSource: DataSource;
  readonly consumer: string;
  private readonly schema: string;
  private readonly leases: LeaseTable;

  constructor(dataSource: DataSource, consumer: string, schema = 'public') {
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.schema = schema;
    this.leases = new LeaseTable(schema);
  }

  async progress(source: ServiceName, partitions: readonly number[]): Promise<readonly Progress[]> {
    const rows = await this.dataSource.query<
      {
        readonly partition: number;
        readonly position: string;
        readonly chain_hash: Buffer | null;
        readonly kafka_offset: string | null;
      }[]
    >(
      `select partition, position, chain_hash, kafka_offset from ${this.schema}.consumed
        where consumer = $1 and source = $2 and partition = any($3::int[])`,
      [this.consumer, source, partitions],
    );
    const stored = new Map(rows.map((row) => [row.partition, row]));
    return partitions.map((partition) => {
      const row = stored.get(partition);
      return {
        partition,
        position: Number(row?.position ?? 0),
        chainHash: row?.chain_hash ?? null,
        nextOffset: row && row.kafka_offset !== null ? BigInt(row.kafka_offset) : null,
      };
    });
  }

  /**
   * Moves high waters up, never down, and only those of partitions that are still owned: a paused former
   * owner neither undoes the new one's progress nor adds to it. The commit does not wait for the disk:
   * progress lost in a crash of the database only brings repeats, which the inbox knows.
   */
  async advance(
    source: ServiceName,
    progress: readonly OwnedProgress[],
    heads: readonly ConsumedHead[] = [],
  ): Promise<void> {
    await this.dataSource.query(
      `with remembered as (
         insert into ${this.schema}.consumed_head (consumer, source, partition, position, chain_hash)
         select $1, $2, partition, position, decode(hash, 'hex')
           from unnest($7::int[], $8::bigint[], $9::text[]) as head (partition, position, hash)
         on conflict do nothing)
       insert into ${this.schema}.consumed as stored (consumer, source, partition, position, kafka_offset, chain_hash)
       select $1, $2, partition, position, kafka_offset, decode(hash, 'hex')
         from unnest($3::int[], $4::bigint[], $5::bigint[], $6::text[], $10::text[], $11::text[], $12::text[], $13::bigint[])
              as moved (partition, position, kafka_offset, hash, scope, name, holder, epoch)
              join ${this.leases.name} as held using (scope, name, holder, epoch),
              (select set_config('synchronous_commit', 'off', true)) as relaxed
       on conflict (consumer, source, partition) do update
          set position = greatest(stored.position, excluded.position),
              kafka_offset = coalesce(excluded.kafka_offset, stored.kafka_offset),
              chain_hash = excluded.chain_hash
        where stored.position <= excluded.position`,
      [
        this.consumer,
        source,
        progress.map((entry) => entry.partition),
        progress.map((entry) => entry.position),
        progress.map((entry) => entry.nextOffset?.toString() ?? null),
        progress.map((entry) => entry.chainHash?.toString('hex') ?? null),
        heads.map((head) => head.partition),
        heads.map((head) => head.position),
        heads.map((head) => head.hash.toString('hex')),
        progress.map((entry) => entry.lease.scope),
        progress.map((entry) => entry.lease.name),
        progress.map((entry) => entry.lease.holder),
        progress.map((entry) => entry.lease.epoch),
      ],
    );
  }

  /** Remembered ends of sends with `from <= position <= to`, by position. */
  async rememberedHeads(
    source: ServiceName,
    partition: number,
    from: number,
    to: number,
  ): Promise<ReadonlyMap<number, Buffer>> {
    const rows = await this.dataSource.query<
      { readonly position: string; readonly chain_hash: Buffer }[]
    >(
      `select position, chain_hash from ${this.schema}.consumed_head
        where consumer = $1 and source = $2 and partition = $3 and position between $4 and $5`,
      [this.consumer, source, partition, from, to],
    );
    return new Map(rows.map((row) => [Number(row.position), row.chain_hash]));
  }
}
