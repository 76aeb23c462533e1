import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import { LeaseTable, type Lease, type LeaseQuery } from '@specie/postgres-event-store';
import { describeError } from './errors.js';
import type { BusLogger } from './ports.js';

/** How long an instance that does not renew its partitions keeps them. */
export const leaseMsDefault = 10_000;
const renewalsPerLease = 3;

/** A partition that this instance may handle until `signal` is aborted. */
export interface OwnedPartition {
  readonly partition: number;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

export interface PartitionLeasesOptions {
  readonly consumer: string;
  readonly leaseMs: number;
  readonly logger: BusLogger;
  /** A connection or pool of the consumer's database. */
  readonly query: LeaseQuery;
  /** True when `query` is one connection that this instance keeps: then a crash frees its leases at once. */
  readonly endsWithSession: boolean;
}

/**
 * The partitions that this instance of a consumer owns, as leases in the consumer's database.
 *
 * L1 A partition has one owner at a time by the database's clock; what an owner that is paused past its
 *    lease still does is refused where it would matter (`ConsumptionStore`) and harmless elsewhere: effects
 *    are single by their inbox row, and one stream's events follow each other in whoever handles them.
 * L2 The owner stops by itself once it could not renew in time, also without hearing from the database.
 * L3 What the database thinks is this instance's and is not is given back with the next renewal.
 */
export class PartitionLeases {
  readonly holder = randomUUID();
  private readonly held = new Map<string, OwnedPartition & { readonly lost: AbortController }>();
  /** Names that the database is being asked for. */
  private readonly taking = new Set<string>();
  private readonly table = new LeaseTable();
  private readonly timer: NodeJS.Timeout;
  private living: ReadonlySet<string> | null = null;
  private members = 1;
  private renewedAt = performance.now();
  private isRenewing = false;
  private isMember = false;
  private readonly listeners: (() => void)[] = [];

  private readonly options: PartitionLeasesOptions;

  constructor(options: PartitionLeasesOptions) {
    this.options = options;
    this.timer = setInterval(() => void this.beat(), options.leaseMs / renewalsPerLease);
    this.timer.unref();
  }

  /** Calls `listener` after every renewal. */
  onRenewed(listener: () => void): void {
    this.listeners.push(listener);
  }

  owned(source: ServiceName): readonly OwnedPartition[] {
    return [...this.held.values()]
      .filter(({ lease }) => lease.name.startsWith(`${source}/`))
      .toSorted((left, right) => left.partition - right.partition);
  }

  /**
   * Takes a partition that is free; null when it is not. `isAssigned`: the broker has just given it to this
   * instance, so it is taken from whoever had it.
   */
  async take(
    source: ServiceName,
    partition: number,
    isAssigned = false,
  ): Promise<OwnedPartition | null> {
    const { query, leaseMs, endsWithSession } = this.options;
    const name = `${source}/${partition}`;
    const known = this.held.get(name);
    if (known && !isAssigned) {
      return known;
    }
    this.taking.add(name);
    try {
      const [lease] = await this.table.take(query, {
        scope: this.scope,
        names: [name],
        holder: this.holder,
        ttlMs: leaseMs,
        endsWithSession,
        isAssigned,
      });
      return lease ? this.hold(partition, lease) : null;
    } finally {
      this.taking.delete(name);
    }
  }

  private hold(partition: number, lease: Lease): OwnedPartition {
    if (this.held.size === 0) {
      this.renewedAt = performance.now();
    }
    this.lose(lease.name);
    const lost = new AbortController();
    const owned = { partition, lease, lost, signal: lost.signal };
    this.held.set(lease.name, owned);
    return owned;
  }

  /** Gives partitions back; none of them may have an event in flight. */
  async release(partitions: readonly OwnedPartition[]): Promise<void> {
    for (const { lease } of partitions) {
      this.lose(lease.name);
    }
    await this.table.release(
      this.options.query,
      partitions.map(({ lease }) => lease),
    );
  }

  /** How many instances of the consumer live, as last seen. */
  get memberCount(): number {
    return this.members;
  }

  /** Counts this instance among the members; false when it was one already. */
  async join(): Promise<boolean> {
    const { query, leaseMs, endsWithSession } = this.options;
    if (this.isMember) {
      return false;
    }
    await this.table.take(query, {
      scope: this.memberScope,
      names: [this.holder],
      holder: this.holder,
      ttlMs: leaseMs,
      endsWithSession,
    });
    this.isMember = true;
    await this.look();
    return true;
  }

  /** Sees who lives and what is owned, of all sources at once. */
  async look(): Promise<void> {
    const { table, scope, memberScope } = this;
    const [partitions = [], members = []] = await table.living(
      this.options.query,
      scope,
      memberScope,
    );
    this.living = new Set(partitions);
    this.members = Math.max(1, members.length);
  }

  /** The partitions that no living instance owns, as last seen; none before the first look. */
  unowned(source: ServiceName, partitionCount: number): readonly number[] {
    const { living } = this;
    return living === null
      ? []
      : Array.from({ length: partitionCount }, (_, partition) => partition).filter(
          (partition) => !living.has(`${source}/${partition}`),
        );
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.loseAll();
    const { query } = this.options;
    const leases = await this.table.renew(query, this.holder, this.options.leaseMs).catch(() => []);
    await this.table.release(query, leases).catch(() => undefined);
    await this.table.purge(query, this.memberScope).catch(() => undefined);
  }

  /** Leases that the database did not hear us give back, or that we did not hear it give us, would be renewed with nobody to use them. */
  private async releaseStray(renewed: readonly Lease[]): Promise<void> {
    const stray = renewed.filter(
      ({ scope, name, epoch }) =>
        scope === this.scope &&
        !this.taking.has(name) &&
        this.held.get(name)?.lease.epoch !== epoch,
    );
    if (stray.length > 0) {
      await this.table.release(this.options.query, stray);
    }
  }

  private loseAll(): void {
    for (const name of [...this.held.keys()]) {
      this.lose(name);
    }
  }

  private get scope(): string {
    return `partition/${this.options.consumer}`;
  }

  private get memberScope(): string {
    return `member/${this.options.consumer}`;
  }

  private lose(name: string): void {
    this.held.get(name)?.lost.abort();
    this.held.delete(name);
  }

  private async beat(): Promise<void> {
    const { query, leaseMs, logger, consumer } = this.options;
    // First, since after a pause of the process nothing else may run before it.
    if (performance.now() - this.renewedAt > leaseMs && this.held.size > 0) {
      logger.warn('partitions were not renewed in time and are given up', { consumer });
      this.loseAll();
    }
    if (this.isRenewing) {
      return;
    }
    this.isRenewing = true;
    try {
      const startedAt = performance.now();
      const before = [...this.held.values()];
      const renewed = await this.table.renew(query, this.holder, leaseMs);
      const epochs = new Map(renewed.map((lease) => [lease.name, lease.epoch]));
      for (const { lease } of before) {
        if (epochs.get(lease.name) !== lease.epoch) {
          logger.warn('a partition was taken over by another instance', {
            consumer,
            partition: lease.name,
          });
          this.lose(lease.name);
        }
      }
      await this.releaseStray(renewed);
      this.isMember &&= epochs.has(this.holder);
      this.renewedAt = startedAt;
      await this.look();
      this.listeners.forEach((listener) => listener());
    } catch (error) {
      logger.warn('partitions could not be renewed', { consumer, error: describeError(error) });
    } finally {
      this.isRenewing = false;
    }
  }
}
