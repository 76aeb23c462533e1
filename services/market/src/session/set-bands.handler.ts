import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { SetBands } from '../shard/shard.commands.js';
import type { SetBandsRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Sets the prices within which a book trades. */
@Injectable()
export class SetBandsHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    command: Omit<SetBands, 'kind'>,
    context: CommandContext,
  ): Promise<Handled<SetBandsRejection>> {
    return this.writer.submit({
      command: { kind: 'set-bands', ...command },
      context,
      answer: (_events, streamVersion) => ({ id: command.seriesId, streamVersion }),
    });
  }
}
