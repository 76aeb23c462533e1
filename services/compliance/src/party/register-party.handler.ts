import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId, hasRole, requireParty, type CallerIdentity } from '@specie/nest-platform';
import { NameHash } from '../personal-data/name-hash.adapter.js';
import { PersonalDataQuery } from '../personal-data/personal-data.query.js';
import { personalDataTable, type PersonalData } from '../personal-data/personal-data.table.js';
import type { RegisterParty } from './party.commands.js';
import { registerParty, type RegisterRejection } from './party.decider.js';
import { partyStream } from './party.state.js';

/** Registers a party: an officer anybody, others themselves. */
@Injectable()
export class RegisterPartyHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(NameHash) private readonly hash: NameHash,
    @Inject(PersonalDataQuery) private readonly personalData: PersonalDataQuery,
  ) {}

  /** @throws Forbidden `not_your_party` */
  async handle(
    command: Pick<RegisterParty['data'], 'kind' | 'country'> &
      PersonalData & { readonly partyId?: string | undefined },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<RegisterRejection>> {
    const { partyId: asked, kind, country, ...particulars } = command;
    const isOfficer = hasRole(caller, 'compliance-officer');
    const partyId = isOfficer
      ? (asked ?? derivedId('party', context.commandId))
      : requireParty(caller, asked ?? caller.partyId, 'not_your_party');
    const nameHash = this.hash.ofName(particulars.name);
    const registration = {
      ...{ partyId, kind, country, nameHash },
      particularsHash: this.hash.ofParticulars(particulars),
    };
    return this.commands.handle({
      ...partyStream(partyId),
      facts: () => this.particularsHashOnFile(partyId),
      decide: (state, particularsHashOnFile) =>
        registerParty(
          { data: { ...registration, particularsHashOnFile }, metadata: context },
          state,
        ),
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
      sideRows: [personalDataTable.sideRows([{ partyId, nameHash, ...particulars }])],
    });
  }

  /** Of a registration without the hash; what is on file of a known party never changes. */
  private async particularsHashOnFile(partyId: string): Promise<string | null> {
    const { streamId, aggregate } = partyStream(partyId);
    const { state } = await this.commands.load(streamId, aggregate);
    if (state.status === 'unknown' || state.registration.particularsHash !== undefined) {
      return null;
    }
    const filed = await this.personalData.of(partyId, state.registration.nameHash);
    return filed === null ? null : this.hash.ofParticulars(filed);
  }
}
