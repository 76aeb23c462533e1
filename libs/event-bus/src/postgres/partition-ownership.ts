import { serviceNames, type ServiceName } from '@specie/contracts';
import pg from 'pg';
import { murmur2 } from '../partition.js';

/** Advisory lock number of the membership lock; partitions follow from `partitionSlotFirst`. */
const memberSlot = 0;
const partitionSlotFirst = 1_000;
const partitionsPerSource = 10_000;

/**
 * Shares partitions between the instances of a consumer by session advisory locks in the consumer's own
 * database. A crashed instance loses its session, so its partitions are free at once; nothing needs a
 * clock. The locks only spread the load: should two instances ever handle the same event, the inbox
 * keeps its effect single.
 */
export class PartitionOwnership {
  private client: pg.Client | null = null;
  private owned = new Map<string, { readonly source: ServiceName; readonly partition: number }>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly lockClass: number;

  private readonly databaseUrl: string;
  private readonly partitionCount: number;

  constructor(databaseUrl: string, consumer: string, partitionCount: number) {
    this.databaseUrl = databaseUrl;
    this.partitionCount = partitionCount;
    this.lockClass = murmur2(`specie event bus ${consumer}`);
  }

  /**
   * Takes or gives back partitions of `source` until this instance has its share, and returns those it
   * owns. Call it between batches only: a partition given back must have no event in flight.
   */
  async adjust(source: ServiceName): Promise<readonly number[]> {
    return this.exclusively(async () => {
      const client = await this.connected();
      const memberCount = await this.memberCount(client);
      const share = Math.ceil(this.partitionCount / Math.max(1, memberCount));
      const mine = this.partitionsOf(source);
      for (const partition of mine.slice(share)) {
        await client.query('select pg_advisory_unlock($1, $2)', [
          this.lockClass,
          slotOf(source, partition),
        ]);
        this.owned.delete(`${source}/${partition}`);
      }
      for (let partition = 0; partition < this.partitionCount; partition += 1) {
        if (this.partitionsOf(source).length >= share) {
          break;
        }
        if (!this.owned.has(`${source}/${partition}`)) {
          const { rows } = await client.query<{ taken: boolean }>(
            'select pg_try_advisory_lock($1, $2) as taken',
            [this.lockClass, slotOf(source, partition)],
          );
          if (rows[0]?.taken) {
            this.owned.set(`${source}/${partition}`, { source, partition });
          }
        }
      }
      return this.partitionsOf(source);
    });
  }

  async close(): Promise<void> {
    await this.exclusively(async () => {
      const { client } = this;
      this.lose();
      await client?.end().catch(() => undefined);
    });
  }

  private partitionsOf(source: ServiceName): readonly number[] {
    return [...this.owned.values()]
      .filter((entry) => entry.source === source)
      .map((entry) => entry.partition)
      .sort((left, right) => left - right);
  }

  private async connected(): Promise<pg.Client> {
    if (this.client) {
      return this.client;
    }
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'specie event bus ownership',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const lose = (): void => {
      if (this.client === client) {
        this.lose();
      }
    };
    client.on('error', lose);
    client.on('end', lose);
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1, $2)', [this.lockClass, memberSlot]);
    this.client = client;
    return client;
  }

  private async memberCount(client: pg.Client): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from pg_locks
        where locktype = 'advisory' and objsubid = 2 and granted
          and classid = $1::bigint::oid and objid = $2::bigint::oid
          and database = (select oid from pg_database where datname = current_database())`,
      [this.lockClass >>> 0, memberSlot],
    );
    return Number(rows[0]?.count ?? 1);
  }

  private lose(): void {
    this.client = null;
    this.owned = new Map();
  }

  /** Sources share one connection; their lock changes take turns. */
  private exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.queue.then(task, task);
    this.queue = result.catch(() => undefined);
    return result;
  }
}

function slotOf(source: ServiceName, partition: number): number {
  return partitionSlotFirst + serviceNames.indexOf(source) * partitionsPerSource + partition;
}
