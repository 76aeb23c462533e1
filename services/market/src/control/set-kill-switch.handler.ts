import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { SetKillSwitch } from '../shard/shard.commands.js';
import type { SetKillSwitchRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Engages or releases the kill switch of a party. */
@Injectable()
export class SetKillSwitchHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    command: Omit<SetKillSwitch, 'kind'>,
    context: CommandContext,
  ): Promise<Handled<SetKillSwitchRejection>> {
    return this.writer.submit({
      command: { kind: 'set-kill-switch', ...command },
      context,
      answer: (_events, streamVersion) => ({ id: command.partyId, streamVersion }),
    });
  }
}
