import type { DataSource, EntityManager } from 'typeorm';

interface QueuedEffect {
  readonly inboxConsumer: string;
  readonly eventId: string;
  readonly work: (manager: EntityManager) => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const groupSizeMax = 256;

/**
 * Commits the effects of several events in one transaction (group commit), each with its inbox row.
 * When one of them fails, the group is rolled back and every effect runs in a transaction of its own, so
 * `work` may run more than once: it must touch nothing but the given manager, and never start another
 * effect or command inside.
 */
export class EffectQueue {
  private waiting: QueuedEffect[] = [];
  private isFlushing = false;

  private readonly dataSource: DataSource;
  private readonly schema: string;

  constructor(dataSource: DataSource, schema = 'public') {
    this.dataSource = dataSource;
    this.schema = schema;
  }

  /** Resolves when the effect is durable; an effect whose inbox pair is stored already does nothing. */
  run(
    inboxConsumer: string,
    eventId: string,
    work: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ inboxConsumer, eventId, work, resolve, reject });
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    if (this.isFlushing) {
      return;
    }
    this.isFlushing = true;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, groupSizeMax);
      try {
        await this.commit(group);
        group.forEach((effect) => effect.resolve());
      } catch (error) {
        await this.commitOneByOne(group, error);
      }
    }
    this.isFlushing = false;
  }

  private async commitOneByOne(group: readonly QueuedEffect[], error: unknown): Promise<void> {
    const [only] = group;
    if (only && group.length === 1) {
      only.reject(error);
      return;
    }
    for (const effect of group) {
      try {
        await this.commit([effect]);
        effect.resolve();
      } catch (ownError) {
        effect.reject(ownError);
      }
    }
  }

  private commit(group: readonly QueuedEffect[]): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<{ readonly consumer: string; readonly event_id: string }[]>(
        `insert into ${this.schema}.inbox (consumer, event_id)
         select * from unnest($1::text[], $2::text[]) on conflict do nothing returning consumer, event_id`,
        [group.map((effect) => effect.inboxConsumer), group.map((effect) => effect.eventId)],
      );
      const isNew = new Set(rows.map((row) => pairOf(row.consumer, row.event_id)));
      for (const effect of group) {
        // delete: should the same pair stand twice in one group, only the first runs.
        if (isNew.delete(pairOf(effect.inboxConsumer, effect.eventId))) {
          await effect.work(manager);
        }
      }
    });
  }
}

function pairOf(consumer: string, eventId: string): string {
  return `${eventId} ${consumer}`;
}
