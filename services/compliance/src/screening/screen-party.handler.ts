import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { partyStream } from '../party/party.state.js';
import { ComparisonQuery } from './comparison.query.js';
import { recordScreening, type ScreeningRejection } from './screening.decider.js';

/** Compares the names of a party with the list in force and records what came of it. */
@Injectable()
export class ScreenPartyHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(ComparisonQuery) private readonly comparison: ComparisonQuery,
  ) {}

  /** @throws NotFound `party_unknown`, Unavailable `sanctions_list_missing` */
  async handle(
    command: { readonly partyId: string; readonly screeningId?: string | undefined },
    context: CommandContext,
  ): Promise<Handled<ScreeningRejection>> {
    const { partyId } = command;
    const screeningId = command.screeningId ?? derivedId('screening', context.commandId);
    const { data, sideRows } = await this.comparison.of(partyId, screeningId);
    return this.commands.handle({
      ...partyStream(partyId),
      decide: (party) => recordScreening({ data, metadata: context }, party),
      context,
      answer: (streamVersion) => ({ id: screeningId, streamVersion }),
      sideRows,
    });
  }
}
