import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { SanctionsListQuery } from '../sanctions-list/sanctions-list.query.js';
import { unfreezeParty, type UnfreezeRejection } from '../party/party.decider.js';
import { partyStream } from '../party/party.state.js';

/** Ends the freeze of a party; what it may do is published again. */
@Injectable()
export class UnfreezePartyHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
  ) {}

  handle(
    { partyId }: { readonly partyId: string },
    context: CommandContext,
  ): Promise<Handled<UnfreezeRejection>> {
    return this.commands.handle({
      ...partyStream(partyId),
      facts: () => this.lists.versionInForce(),
      decide: (party, listVersion) =>
        unfreezeParty({ data: { partyId, listVersion }, metadata: context }, party),
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
    });
  }
}
