import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { FreezeParty } from '../party/party.commands.js';
import { freezeParty, type FreezeRejection } from '../party/party.decider.js';
import { partyStream } from '../party/party.state.js';

/** Suspends everything a party may do. */
@Injectable()
export class FreezePartyHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(data: FreezeParty['data'], context: CommandContext): Promise<Handled<FreezeRejection>> {
    return this.commands.handle({
      ...partyStream(data.partyId),
      decide: (party) => freezeParty({ data, metadata: context }, party),
      context,
      answer: (streamVersion) => ({ id: data.partyId, streamVersion }),
    });
  }
}
