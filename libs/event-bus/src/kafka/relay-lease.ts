import { randomUUID } from 'node:crypto';
import { LeaseTable, type Lease, type LeaseQuery } from '@specie/postgres-event-store';
import type pg from 'pg';

/** Another relay leads: this one must stop. */
export class RelayFencedError extends Error {
  override readonly name = 'RelayFencedError';
}

const renewalsPerLease = 5;
const scope = 'relay';

/**
 * The right to relay a topic, on the connection that moves its checkpoint. It ends with that connection,
 * and by the database's clock when the relay is paused.
 */
export class RelayLease {
  private static readonly table = new LeaseTable();
  private readonly timer: NodeJS.Timeout;
  private renewedAt = performance.now();
  private isLost = false;

  private readonly query: LeaseQuery;
  private readonly lease: Lease;
  private readonly leaseMs: number;

  private constructor(query: LeaseQuery, lease: Lease, leaseMs: number) {
    this.query = query;
    this.lease = lease;
    this.leaseMs = leaseMs;
    this.timer = setInterval(() => this.renew(), leaseMs / renewalsPerLease);
    this.timer.unref();
  }

  /** Null while another instance relays. */
  static async take(client: pg.Client, topic: string, leaseMs: number): Promise<RelayLease | null> {
    const query: LeaseQuery = async <Row>(text: string, values: readonly unknown[]) =>
      (await client.query(text, [...values])).rows as readonly Row[];
    const [lease] = await RelayLease.table.take(query, {
      scope,
      names: [topic],
      holder: randomUUID(),
      ttlMs: leaseMs,
      endsWithSession: true,
    });
    return lease ? new RelayLease(query, lease, leaseMs) : null;
  }

  /** @throws RelayFencedError when the lease was taken over or could not be renewed in time. */
  assertHeld(): void {
    if (this.isLost || performance.now() - this.renewedAt > this.leaseMs) {
      throw new RelayFencedError(`the lease to relay ${this.lease.name} was not renewed in time`);
    }
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await RelayLease.table.release(this.query, [this.lease]).catch(() => undefined);
  }

  private renew(): void {
    const startedAt = performance.now();
    RelayLease.table.renew(this.query, this.lease.holder, this.leaseMs).then(
      (renewed) => {
        this.isLost ||= renewed.length === 0;
        this.renewedAt = startedAt;
      },
      () => undefined,
    );
  }
}
