import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId, type CallerIdentity } from '@specie/nest-platform';
import type { SubmitEvidence } from './party.commands.js';
import { submitEvidence, type EvidenceRejection } from './party.decider.js';
import { partyReaders } from './party.query.js';
import { partyStream } from './party.state.js';

/** Files evidence of a party: an officer of anybody, others of themselves. */
@Injectable()
export class SubmitEvidenceHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  /** @throws Forbidden `not_your_party` */
  async handle(
    command: Omit<SubmitEvidence['data'], 'evidenceId'> & {
      readonly evidenceId?: string | undefined;
    },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<EvidenceRejection>> {
    const { partyId } = command;
    partyReaders.scope(caller, partyId, 'not_your_party');
    const evidenceId = command.evidenceId ?? derivedId('evidence', context.commandId);
    return this.commands.handle({
      ...partyStream(partyId),
      decide: (state) =>
        submitEvidence({ data: { ...command, evidenceId }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: evidenceId, streamVersion }),
    });
  }
}
