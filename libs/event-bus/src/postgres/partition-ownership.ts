import type { ServiceName } from '@specie/contracts';
import pg from 'pg';
import { PartitionLeases, type OwnedPartition } from '../partition-leases.js';
import type { BusLogger } from '../ports.js';

export interface PartitionOwnershipOptions {
  readonly databaseUrl: string;
  readonly consumer: string;
  readonly partitionCount: number;
  readonly leaseMs: number;
  readonly logger: BusLogger;
}

/**
 * Shares partitions between the instances of a consumer: each takes its part of the leases in the
 * consumer's own database. They end with this connection, so a crashed instance's partitions are free at
 * once; those of one that is paused are free when its leases expire.
 */
export class PartitionOwnership {
  private leases: PartitionLeases | null = null;
  private client: pg.Client | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  private readonly options: PartitionOwnershipOptions;

  constructor(options: PartitionOwnershipOptions) {
    this.options = options;
  }

  /**
   * Takes or gives back partitions of `source` until this instance has its share, and returns those it
   * owns. Call it between batches only: a partition given back must have no event in flight.
   */
  async adjust(source: ServiceName): Promise<readonly OwnedPartition[]> {
    return this.exclusively(async () => {
      const leases = await this.connected();
      const { partitionCount } = this.options;
      const share = Math.ceil(partitionCount / Math.max(1, await leases.memberCount()));
      const spare = leases.owned(source).slice(share);
      if (spare.length > 0) {
        await leases.release(spare);
      }
      for (let partition = 0; partition < partitionCount; partition += 1) {
        if (leases.owned(source).length >= share) {
          break;
        }
        await leases.take(source, partition);
      }
      return leases.owned(source);
    });
  }

  /** The partitions of `source` that no living instance owns. */
  unowned(source: ServiceName): readonly number[] {
    return this.leases?.unowned(source, this.options.partitionCount) ?? [];
  }

  async close(): Promise<void> {
    await this.exclusively(async () => {
      const { client, leases } = this;
      this.client = null;
      this.leases = null;
      await leases?.close();
      await client?.end().catch(() => undefined);
    });
  }

  private async connected(): Promise<PartitionLeases> {
    if (this.leases) {
      return this.leases;
    }
    const { databaseUrl, consumer, leaseMs, logger } = this.options;
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'specie event bus ownership',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    const lose = (): void => {
      if (this.client === client) {
        this.client = null;
        void this.leases?.close();
        this.leases = null;
      }
    };
    client.on('error', lose);
    client.on('end', lose);
    await client.connect();
    this.client = client;
    this.leases = new PartitionLeases({
      consumer,
      leaseMs,
      logger,
      endsWithSession: true,
      query: async <Row>(text: string, values: readonly unknown[]) =>
        (await client.query(text, [...values])).rows as readonly Row[],
    });
    return this.leases;
  }

  /** Sources share one connection; their changes take turns. */
  private exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.queue.then(task, task);
    this.queue = result.catch(() => undefined);
    return result;
  }
}
