import { isTransientFailure } from '@specie/event-bus';

export interface TogetherOptions<Item> {
  readonly groupSizeMax: number;
  /**
   * Does all items in one transaction, or none of them. A failure other than a transient one says that some item stands
   * in the way of the others: each is then done alone.
   *
   * @throws TransientEventError when all are to be tried again
   */
  readonly together: (items: readonly Item[]) => Promise<void>;
  /** Does one item; its failure is its own. */
  readonly alone: (item: Item) => Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does what waits while the work before it runs in one transaction, so that independent events that touch the same
 * stream cost one append and not one each. Where they cannot be done together each is done alone, so one that fails
 * does not fail the others.
 */
export class Together<Item> {
  private readonly waiting: Waiting<Item>[] = [];
  private isRunning = false;
  private readonly options: TogetherOptions<Item>;

  constructor(options: TogetherOptions<Item>) {
    this.options = options;
  }

  /** Resolves once the item is done. @throws what `alone` throws for it, or the transient failure of its group */
  run(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // A macrotask: events of one page are handed over one after another, and all of them belong into one group.
      setImmediate(() => void this.drain());
    });
  }

  private async drain(): Promise<void> {
    if (this.isRunning) {
      return;
    }
    this.isRunning = true;
    while (this.waiting.length > 0) {
      await this.runGroup(this.waiting.splice(0, this.options.groupSizeMax));
    }
    this.isRunning = false;
  }

  private async runGroup(group: readonly Waiting<Item>[]): Promise<void> {
    const { together, alone } = this.options;
    if (group.length > 1) {
      try {
        await together(group.map(({ item }) => item));
        group.forEach(({ resolve }) => resolve());
        return;
      } catch (error) {
        if (isTransientFailure(error)) {
          group.forEach(({ reject }) => reject(error));
          return;
        }
      }
    }
    for (const { item, resolve, reject } of group) {
      await alone(item).then(resolve, reject);
    }
  }
}
