import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { ChangePhase } from '../shard/shard.commands.js';
import type { ChangePhaseRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Changes the phase of a book. */
@Injectable()
export class ChangePhaseHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    command: Omit<ChangePhase, 'kind'>,
    context: CommandContext,
  ): Promise<Handled<ChangePhaseRejection>> {
    return this.writer.submit({
      command: { kind: 'change-phase', ...command },
      context,
      answer: (_events, streamVersion) => ({ id: command.seriesId, streamVersion }),
    });
  }
}
