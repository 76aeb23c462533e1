import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { SetAccountLimit } from '../shard/shard.commands.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Limits how many open orders a party may have. */
@Injectable()
export class SetOrderLimitHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(command: Omit<SetAccountLimit, 'kind'>, context: CommandContext): Promise<Handled<never>> {
    return this.writer.submit({
      command: { kind: 'set-account-limit', ...command },
      context,
      answer: (_events, streamVersion) => ({ id: command.partyId, streamVersion }),
    });
  }
}
