import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { partyStream } from '../party/party.state.js';
import type { ResolveAlert } from './screening.commands.js';
import { resolveAlert, type AlertRejection } from './screening.decider.js';

/** Decides whether the alert of the last screening is a true match. */
@Injectable()
export class ResolveAlertHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(data: ResolveAlert['data'], context: CommandContext): Promise<Handled<AlertRejection>> {
    return this.commands.handle({
      ...partyStream(data.partyId),
      decide: (party) => resolveAlert({ data, metadata: context }, party),
      context,
      answer: (streamVersion) => ({ id: data.screeningId, streamVersion }),
    });
  }
}
