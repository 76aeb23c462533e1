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

/** Also how long the partitions of a crashed instance wait. */
const lookEveryMs = 500;
const joinChannel = 'specie_member';

/**
 * Shares partitions between the instances of a consumer: each takes its part of the leases in the
 * consumer's own database. They end with this connection, so a crashed instance's partitions are free at
 * once; those of one that is paused are free when its leases expire.
 */
export class PartitionOwnership {
  private leases: PartitionLeases | null = null;
  private client: pg.Client | null = null;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly readers = new Map<ServiceName, () => void>();
  private readonly timer: NodeJS.Timeout;
  private isLooking = false;

  private readonly options: PartitionOwnershipOptions;

  constructor(options: PartitionOwnershipOptions) {
    this.options = options;
    this.timer = setInterval(() => {
      if (!this.isAlone) {
        void this.look();
      }
    }, lookEveryMs);
  }

  /** Calls `adjust` whenever this instance has more or less of `source` than its share, and can change that. */
  onUnbalanced(source: ServiceName, adjust: () => void): void {
    this.readers.set(source, adjust);
  }

  /**
   * Takes or gives back partitions of `source` until this instance has its share, and returns those it
   * owns. Call it between batches only: a partition given back must have no event in flight.
   */
  async adjust(source: ServiceName): Promise<readonly OwnedPartition[]> {
    return this.exclusively(async () => {
      const leases = await this.joined();
      const { partitionCount } = this.options;
      const share = this.shareOf(leases);
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
    clearInterval(this.timer);
    await this.exclusively(async () => {
      const { client, leases } = this;
      this.client = null;
      this.leases = null;
      await leases?.close();
      await client?.end().catch(() => undefined);
    });
  }

  private shareOf({ memberCount }: PartitionLeases): number {
    return Math.ceil(this.options.partitionCount / memberCount);
  }

  /** A member that owns everything alone has nobody to take from; whoever joins tells it. */
  private get isAlone(): boolean {
    const { leases } = this;
    return (
      leases?.memberCount === 1 &&
      [...this.readers.keys()].every(
        (source) => leases.owned(source).length === this.options.partitionCount,
      )
    );
  }

  /** One look for all sources: what a crashed instance had is free, or another instance wants its share. */
  private async look(): Promise<void> {
    if (this.isLooking) {
      return;
    }
    this.isLooking = true;
    try {
      await this.exclusively(async () => {
        const leases = await this.joined();
        await leases.look();
        const share = this.shareOf(leases);
        for (const [source, adjust] of this.readers) {
          const { length } = leases.owned(source);
          if (length > share || (length < share && this.unowned(source).length > 0)) {
            adjust();
          }
        }
      });
    } catch {
      // Readers tell when the database does not answer.
    } finally {
      this.isLooking = false;
    }
  }

  private async joined(): Promise<PartitionLeases> {
    const leases = await this.connected();
    if (await leases.join()) {
      await this.client?.query('select pg_notify($1, $2)', [joinChannel, this.options.consumer]);
    }
    return leases;
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
    client.on('notification', () => void this.look());
    await client.connect();
    await client.query(`listen ${joinChannel}`);
    this.client = client;
    this.leases = new PartitionLeases({
      consumer,
      leaseMs,
      logger,
      endsWithSession: true,
      query: async <Row>(text: string, values: readonly unknown[]) =>
        (await client.query({ name: statementNameOf(text), text, values: [...values] }))
          .rows as readonly Row[],
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

const statementNames = new Map<string, string>();

/** The few statements about leases are planned once for each connection. */
function statementNameOf(text: string): string {
  const name = statementNames.get(text) ?? `lease ${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}
