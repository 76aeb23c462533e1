import type { ServiceName } from '@specie/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { isPassable, type Fault, type Halt, type HaltReason } from '../halt.js';

/** Partitions of a source, and how many its topic has in all: who asks whose they are must know both. */
export interface HaltedPartitions {
  readonly partitions: readonly number[];
  readonly partitionCount: number;
}

export interface PassOver {
  readonly source: ServiceName;
  readonly partition: number;
  readonly kafkaOffset: bigint;
  /** Who decided it and why; kept with the row. */
  readonly reason: string;
}

/** `not_halted_there`: the partition does not stand still at that message. `not_foreign`: passing over it could lose events. */
export type PassOverOutcome = 'passed_over' | 'not_halted_there' | 'not_foreign';

export interface Rejoin {
  readonly source: ServiceName;
  /** The last event that the old and the new branch of the log share; 0 for none. */
  readonly position: number;
  /** The chain hash of the log there: what the source vouches for after its restore. */
  readonly chainHash: Buffer;
  /** Who decided it and why; kept with the row. */
  readonly reason: string;
}

/**
 * The halts of a consumer in its own database, so that every instance, its operators and whoever must
 * fail closed see them: `consumption_halt` has a row for each partition that stands still.
 */
export class HaltStore {
  private readonly dataSource: DataSource;
  private readonly consumer: string;
  private readonly schema: string;

  constructor(dataSource: DataSource, consumer: string, schema = 'public') {
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.schema = schema;
  }

  async halts(
    source?: ServiceName,
    database: DataSource | EntityManager = this.dataSource,
  ): Promise<readonly Halt[]> {
    const rows = await database.query<
      {
        readonly source: ServiceName;
        readonly partition: number;
        readonly kafka_offset: string | null;
        readonly position: string | null;
        readonly reason: HaltReason;
        readonly detail: string;
        readonly halted_at: Date;
      }[]
    >(
      `select source, partition, kafka_offset, position, reason, detail, halted_at
         from ${this.schema}.consumption_halt where consumer = $1 and ($2::text is null or source = $2)
        order by source, partition`,
      [this.consumer, source ?? null],
    );
    return rows.map((row) => ({
      source: row.source,
      partition: row.partition,
      kafkaOffset: row.kafka_offset === null ? null : BigInt(row.kafka_offset),
      position: row.position === null ? null : Number(row.position),
      reason: row.reason,
      detail: row.detail,
      haltedAt: row.halted_at.toISOString(),
    }));
  }

  /** Keeps the time of the first sight while the fault stays the same. */
  async record(
    source: ServiceName,
    { partitions, partitionCount }: HaltedPartitions,
    fault: Fault,
  ): Promise<void> {
    await this.dataSource.query(
      `insert into ${this.schema}.consumption_halt as old
         (consumer, source, partition, partition_count, kafka_offset, position, reason, detail)
       select $1, $2, partition, $8, $4, $5, $6, $7 from unnest($3::int[]) as halted (partition)
       on conflict (consumer, source, partition) do update
          set kafka_offset = excluded.kafka_offset, position = excluded.position, reason = excluded.reason,
              detail = excluded.detail, halted_at = excluded.halted_at
        where (old.kafka_offset, old.position, old.reason)
              is distinct from (excluded.kafka_offset, excluded.position, excluded.reason)`,
      [
        this.consumer,
        source,
        partitions,
        fault.kafkaOffset?.toString() ?? null,
        fault.position,
        fault.reason,
        fault.detail,
        partitionCount,
      ],
    );
  }

  /** The partitions verify again. */
  async clear(source: ServiceName, partitions: readonly number[]): Promise<void> {
    await this.dataSource.query(
      `delete from ${this.schema}.consumption_halt
        where consumer = $1 and source = $2 and partition = any($3::int[])`,
      [this.consumer, source, partitions],
    );
  }

  /**
   * Lets the partition go on behind the one message it stands still at; whichever instance owns it sees
   * that at its next try. Repeating it is harmless. Written with `database`, such as the manager of a transaction.
   */
  async passOver(
    { source, partition, kafkaOffset, reason }: PassOver,
    database: DataSource | EntityManager = this.dataSource,
  ): Promise<PassOverOutcome> {
    const halt = (await this.halts(source, database)).find((each) => each.partition === partition);
    if (halt?.kafkaOffset !== kafkaOffset) {
      return 'not_halted_there';
    }
    if (!isPassable(halt.reason)) {
      return 'not_foreign';
    }
    await database.query(
      `insert into ${this.schema}.passed_over (consumer, source, partition, kafka_offset, halt_reason, reason)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [this.consumer, source, partition, kafkaOffset.toString(), halt.reason, reason],
    );
    return 'passed_over';
  }

  /** The offsets from `fromOffset` on that an operator let the partition go behind. */
  async passedOver(
    source: ServiceName,
    partition: number,
    fromOffset: bigint,
  ): Promise<ReadonlySet<bigint>> {
    const rows = await this.dataSource.query<{ readonly kafka_offset: string }[]>(
      `select kafka_offset from ${this.schema}.passed_over
        where consumer = $1 and source = $2 and partition = $3 and kafka_offset >= $4`,
      [this.consumer, source, partition, fromOffset.toString()],
    );
    return new Set(rows.map((row) => BigInt(row.kafka_offset)));
  }

  /**
   * Accepts that the log of a source was cut: what was consumed behind `position` is left to the
   * operator's compensations, and the new branch is consumed from there on. The branch must have
   * `chainHash` there, else the source stays halted.
   */
  async rejoin({ source, position, chainHash, reason }: Rejoin): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(
        `insert into ${this.schema}.accepted_cut (consumer, source, position, chain_hash, consumed_position, reason)
         select $1, $2, $3, $4, coalesce(max(position), 0), $5 from ${this.schema}.consumed
          where consumer = $1 and source = $2`,
        [this.consumer, source, position, chainHash, reason],
      );
      await manager.query(
        `update ${this.schema}.consumed set position = $3, chain_hash = $4
          where consumer = $1 and source = $2 and position >= $3`,
        [this.consumer, source, position, chainHash],
      );
      await manager.query(
        `delete from ${this.schema}.consumed_head where consumer = $1 and source = $2 and position > $3`,
        [this.consumer, source, position],
      );
    });
  }
}
