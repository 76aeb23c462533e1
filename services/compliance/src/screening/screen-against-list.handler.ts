import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { partyStream } from '../party/party.state.js';
import { ComparisonQuery } from './comparison.query.js';
import { screenAgainstList, type ScreeningRejection } from './screening.decider.js';

/** Who froze a party where no officer did, but the comparison with a new list. */
const listScreeningActor = derivedId('service', 'compliance', 'list screening');

/** Screens a party that was last screened against an older list. */
@Injectable()
export class ScreenAgainstListHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(ComparisonQuery) private readonly comparison: ComparisonQuery,
  ) {}

  /** @throws NotFound `party_unknown`, Unavailable `sanctions_list_missing` */
  async handle(
    { partyId, screeningId }: { readonly partyId: string; readonly screeningId: string },
    context: CommandContext,
  ): Promise<Handled<ScreeningRejection>> {
    const { data, sideRows } = await this.comparison.of(partyId, screeningId);
    const metadata = { now: context.now, actor: listScreeningActor };
    return this.commands.handle({
      ...partyStream(partyId),
      decide: (party) => screenAgainstList({ data, metadata }, party),
      context,
      sideRows,
    });
  }
}
