import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { SanctionsListQuery } from '../sanctions-list/sanctions-list.query.js';
import { evidenceHashOf } from '../party/evidence-hash.adapter.js';
import { approveParty, type ApprovalRejection } from '../party/party.decider.js';
import { partyStream } from '../party/party.state.js';

/** Approves a party on the evidence that the actor has seen. */
@Injectable()
export class ApprovePartyHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
  ) {}

  handle(
    command: { readonly partyId: string; readonly evidenceHash: string },
    context: CommandContext,
  ): Promise<Handled<ApprovalRejection>> {
    const { partyId } = command;
    return this.commands.handle({
      ...partyStream(partyId),
      facts: () => this.lists.versionInForce(),
      decide: (party, listVersion) => {
        const data = { ...command, evidenceHashOnFile: evidenceHashOf(party), listVersion };
        return approveParty({ data, metadata: context }, party);
      },
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
    });
  }
}
