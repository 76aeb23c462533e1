import type { DataSource, EntityManager } from 'typeorm';
import type { LogTables } from '../schema/log-tables.js';

/** How far a consumer has come in one partition of a source's log; stored with the effect. */
export interface ConsumedPosition {
  readonly position: number;
  readonly chainHash: Buffer | null;
  readonly kafkaOffset: number | null;
}

export interface ConsumerPartition {
  readonly consumer: string;
  readonly source: string;
  readonly partition: number;
}

export type CheckpointOutcome = 'stored' | 'already_ahead' | 'mismatch';

/** The small tables beside the log. */
export class SideTables {
  private readonly dataSource: DataSource;
  private readonly tables: LogTables;

  constructor(dataSource: DataSource, tables: LogTables) {
    this.dataSource = dataSource;
    this.tables = tables;
  }

  /** The last position that `relay` is known to have published; 0 before the first. */
  async relayCheckpoint(relay: string): Promise<number> {
    const rows = await this.dataSource.query<{ position: string }[]>(
      `select position from ${this.tables.relayCheckpoint} where relay = $1`,
      [relay],
    );
    return Number(rows[0]?.position ?? 0);
  }

  /** Compare-and-set, so that a relay that was replaced cannot move the checkpoint of its successor back. */
  async advanceRelayCheckpoint(
    relay: string,
    from: number,
    to: number,
  ): Promise<CheckpointOutcome> {
    const moved = await this.dataSource.query<unknown[]>(
      `insert into ${this.tables.relayCheckpoint} as old (relay, position)
       select $1, $3::bigint where $2::bigint = 0 or exists (select from ${this.tables.relayCheckpoint} where relay = $1)
       on conflict (relay) do update set position = excluded.position, updated_at = now()
       where old.position = $2 returning 1`,
      [relay, from, to],
    );
    if (moved.length > 0) {
      return 'stored';
    }
    return (await this.relayCheckpoint(relay)) >= to ? 'already_ahead' : 'mismatch';
  }

  async consumedPosition(
    partition: ConsumerPartition,
    manager?: EntityManager,
  ): Promise<ConsumedPosition | null> {
    const rows = await (manager ?? this.dataSource).query<
      { position: string; chain_hash: Buffer | null; kafka_offset: string | null }[]
    >(
      `select position, chain_hash, kafka_offset from ${this.tables.consumed}
        where consumer = $1 and source = $2 and partition = $3`,
      [partition.consumer, partition.source, partition.partition],
    );
    const row = rows[0];
    return row
      ? {
          position: Number(row.position),
          chainHash: row.chain_hash,
          kafkaOffset: row.kafka_offset === null ? null : Number(row.kafka_offset),
        }
      : null;
  }

  /**
   * Raises the high water of a partition; false when it already stands there or higher, in which case
   * the effect has been made before and the caller's transaction must not make it again.
   */
  async advanceConsumed(
    partition: ConsumerPartition,
    consumed: ConsumedPosition,
    manager?: EntityManager,
  ): Promise<boolean> {
    const rows = await (manager ?? this.dataSource).query<unknown[]>(
      `insert into ${this.tables.consumed} as old (consumer, source, partition, position, chain_hash, kafka_offset)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (consumer, source, partition) do update set position = excluded.position,
         chain_hash = excluded.chain_hash, kafka_offset = excluded.kafka_offset
       where old.position < excluded.position returning 1`,
      [
        partition.consumer,
        partition.source,
        partition.partition,
        consumed.position,
        consumed.chainHash,
        consumed.kafkaOffset,
      ],
    );
    return rows.length > 0;
  }
}
