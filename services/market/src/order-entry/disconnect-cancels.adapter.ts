import type { CommandContext } from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import type { ShardWriter } from '../shard/shard-writer.adapter.js';
import { disconnectCancelTable } from './order-entry.table.js';

/**
 * The parties whose orders are cancelled when their connection ends. They are stored, so that the next writer cancels
 * them too after a failure: every connection to the former one is gone.
 */
export class DisconnectCancels {
  constructor(
    private readonly dataSource: DataSource,
    private readonly writer: ShardWriter,
    private readonly newContext: (actor: string) => CommandContext,
  ) {}

  async set(partyId: string, enabled: boolean): Promise<void> {
    const rows = this.dataSource.getRepository(disconnectCancelTable.entity);
    if (enabled) {
      await rows.upsert({ partyId }, ['partyId']);
    } else {
      await rows.delete({ partyId });
    }
  }

  /** Cancels the orders of a party whose last connection ended, if it asked for that. */
  async connectionEnded(partyId: string): Promise<void> {
    const rows = this.dataSource.getRepository(disconnectCancelTable.entity);
    if (await rows.existsBy({ partyId })) {
      await this.cancel(partyId);
    }
  }

  /** Cancels the orders of everybody who was connected to the former writer. */
  async writerChanged(): Promise<void> {
    const rows = await this.dataSource.getRepository(disconnectCancelTable.entity).find();
    await Promise.all(rows.map(({ partyId }) => this.cancel(partyId)));
  }

  private async cancel(partyId: string): Promise<void> {
    await this.writer.submit({
      command: { kind: 'mass-cancel', partyId, reason: 'disconnected' },
      context: this.newContext('service:market'),
    });
    await this.set(partyId, false);
  }
}
