import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { OpenBook } from '../shard/shard.commands.js';
import type { OpenBookRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Opens the order book of a series. */
@Injectable()
export class OpenBookHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    command: Omit<OpenBook, 'kind'>,
    context: CommandContext,
  ): Promise<Handled<OpenBookRejection>> {
    return this.writer.submit({
      command: { kind: 'open-book', ...command },
      context,
      answer: (_events, streamVersion) => ({ id: command.seriesId, streamVersion }),
    });
  }
}
