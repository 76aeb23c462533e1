import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Lets the time of the shard advance to that of the command; what it makes due is done first. */
@Injectable()
export class AdvanceTimeHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(context: CommandContext): Promise<Handled<never>> {
    return this.writer.submit({ command: { kind: 'advance-time', at: context.now }, context });
  }
}
