import type { ServiceName } from '@specie/contracts';
import { HaltedError, type Fault } from '../halt.js';
import type { BusLogger, BusMetrics } from '../ports.js';
import type { HaltedPartitions, HaltStore } from './halt-store.js';

/** The halted partitions of one source on this instance, and their rows for everybody else. */
export class HaltGate {
  private readonly closed = new Map<number, Fault>();
  private readonly options: {
    readonly source: ServiceName;
    readonly haltStore: HaltStore;
    readonly metrics: BusMetrics;
    readonly logger: BusLogger;
  };

  constructor(options: HaltGate['options']) {
    this.options = options;
  }

  get isClosed(): boolean {
    return this.closed.size > 0;
  }

  /** One line for the status; null when nothing stands still. */
  get text(): string | null {
    const [first] = this.closed;
    return first ? new HaltedError(this.options.source, ...first).message : null;
  }

  isClosedFor(partition: number): boolean {
    return this.closed.has(partition);
  }

  /** What is known from before: a halt outlives the instance that saw it. */
  async load(partition: number): Promise<void> {
    const { source, haltStore } = this.options;
    const halt = (await haltStore.halts(source)).find((each) => each.partition === partition);
    if (halt && !this.closed.has(partition)) {
      this.closed.set(partition, halt);
    }
  }

  /** Tells everybody, loudly once for each fault, and returns what the caller throws. */
  async close(halted: HaltedPartitions, fault: Fault): Promise<HaltedError> {
    const { partitions } = halted;
    const { source, haltStore, metrics, logger } = this.options;
    const error = new HaltedError(source, partitions[0] ?? -1, fault);
    const isNew = partitions.some((partition) => !isSame(this.closed.get(partition), fault));
    for (const partition of partitions) {
      this.closed.set(partition, fault);
      metrics.halted?.(source, partition, true);
    }
    await haltStore.record(source, halted, fault);
    if (isNew) {
      const { reason, position, kafkaOffset, detail } = fault;
      logger.error('consumption halted: what arrived cannot be the log of the source', {
        source,
        partitions,
        reason,
        position,
        offset: kafkaOffset?.toString() ?? null,
        detail,
      });
    }
    return error;
  }

  /** The partitions verify again. */
  async open(partitions: readonly number[]): Promise<void> {
    const { source, haltStore, metrics, logger } = this.options;
    const reopened = partitions.filter((partition) => this.closed.has(partition));
    if (reopened.length === 0) {
      return;
    }
    await haltStore.clear(source, reopened);
    for (const partition of reopened) {
      this.closed.delete(partition);
      metrics.halted?.(source, partition, false);
    }
    logger.info('consumption goes on: the source verifies again', { source, partitions: reopened });
  }

  /** What is not in `partitions` belongs to another instance now. */
  retain(partitions: readonly number[]): void {
    for (const partition of this.closed.keys()) {
      if (!partitions.includes(partition)) {
        this.closed.delete(partition);
        this.options.metrics.halted?.(this.options.source, partition, false);
      }
    }
  }
}

function isSame(one: Fault | undefined, other: Fault): boolean {
  return (
    one?.reason === other.reason &&
    one.position === other.position &&
    one.kafkaOffset === other.kafkaOffset
  );
}
