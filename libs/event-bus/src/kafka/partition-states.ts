import type { ServiceName } from '@specie/contracts';
import type { ConsumptionStore } from '../consumption-store.js';
import { PartitionLostError } from '../errors.js';
import { Lag } from '../lag.js';
import type { OwnedPartition, PartitionLeases } from '../partition-leases.js';
import type { HaltGate } from '../verify/halt-gate.js';
import { genesis, type ChainPoint } from '../verify/partition-chain.js';

export interface PartitionState {
  /** What was verified and settled. */
  head: ChainPoint;
  /** What took effect: behind the head only while progress without a hash is verified from the first event. */
  highWater: number;
  nextOffset: bigint | null;
  /** Messages that wait in the partition, as of its last batch. */
  backlog: number;
  readonly owned: OwnedPartition;
  failureCount: number;
  gapCount: number;
}

export interface PartitionStatesOptions {
  readonly source: ServiceName;
  readonly store: ConsumptionStore;
  readonly gate: HaltGate;
  /** Say who handles a partition; the broker decides it. */
  readonly leases: PartitionLeases;
}

/** What this instance knows of the partitions that the broker assigned to it, while their leases are held. */
export class PartitionStates {
  readonly lag = new Lag();
  private states = new Map<number, PartitionState>();

  private readonly options: PartitionStatesOptions;

  constructor(options: PartitionStatesOptions) {
    this.options = options;
  }

  /** Batches of one partition that failed in a row. */
  get failureCountMax(): number {
    return Math.max(0, ...[...this.states.values()].map(({ failureCount }) => failureCount));
  }

  highWaterOf(partition: number): number {
    return this.states.get(partition)?.highWater ?? 0;
  }

  forget(): void {
    this.states = new Map();
  }

  /**
   * Our own progress, read once per assignment, after the lease says that it is ours: a former owner moves it
   * no more. Only a new assignment takes it from a living owner, since a member that the broker has expelled
   * goes on for a while without knowing. @throws PartitionLostError when the lease cannot be had now.
   */
  async load(partition: number, isAssigned = false): Promise<PartitionState> {
    const { states } = this;
    const known = states.get(partition);
    if (known && !known.owned.signal.aborted && !isAssigned) {
      return known;
    }
    const { leases, source, store, gate } = this.options;
    const owned = await leases.take(source, partition, isAssigned);
    if (!owned) {
      throw new PartitionLostError(`partition ${partition} is still being given up`);
    }
    const [progress] = await store.progress(source, [partition]);
    await gate.load(partition);
    const raced = states.get(partition);
    if (raced?.owned.lease === owned.lease) {
      return raced;
    }
    const { position = 0, chainHash = null, nextOffset = null } = progress ?? {};
    const isUnverified = position > 0 && chainHash === null;
    const state = {
      head: position === 0 || chainHash === null ? genesis : { position, hash: chainHash },
      highWater: position,
      nextOffset: isUnverified ? 0n : nextOffset,
      backlog: 0,
      owned,
      failureCount: 0,
      gapCount: 0,
    };
    states.set(partition, state);
    return state;
  }

  /** Takes assigned partitions again whose leases were lost, also where no message comes. */
  reclaim(assigned: readonly number[]): void {
    for (const partition of assigned) {
      if (this.states.get(partition)?.owned.signal.aborted !== false) {
        this.load(partition).catch(() => undefined);
      }
    }
  }

  /** Notes how many messages wait in a partition. */
  know(state: PartitionState, backlog: number): void {
    state.backlog = Math.max(0, backlog);
    this.lag.know([...this.states.values()].reduce((sum, entry) => sum + entry.backlog, 0));
  }

  /** Gives the leases of all partitions but `kept` back. */
  async giveBack(kept: readonly number[]): Promise<void> {
    const { leases, source } = this.options;
    const gone = leases.owned(source).filter(({ partition }) => !kept.includes(partition));
    if (gone.length > 0) {
      await leases.release(gone).catch(() => undefined);
    }
  }
}
