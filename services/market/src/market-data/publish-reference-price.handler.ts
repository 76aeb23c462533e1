import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { publishReferencePrice, type MeasuredWindow } from './reference-price.decider.js';
import { referencePriceStream } from './reference-price.state.js';

/** Publishes what the trades of a window say a token is worth. */
@Injectable()
export class PublishReferencePriceHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(window: MeasuredWindow, context: CommandContext): Promise<Handled<never>> {
    return this.commands.handle({
      ...referencePriceStream(window.seriesId),
      decide: (state) => publishReferencePrice(window, state),
      context,
    });
  }
}
