import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler } from '@specie/event-sourcing';
import { Clock, derivedId, NotFound, type CallerIdentity } from '@specie/nest-platform';
import type { z } from 'zod';
import { PersonalDataQuery } from '../personal-data/personal-data.query.js';
import { ScreeningQuery } from '../screening/screening.query.js';
import { ApprovePartyHandler } from './approve-party.handler.js';
import type { caseResponse } from './case.dto.js';
import { evidenceHashOf } from '../party/evidence-hash.adapter.js';
import type { ApprovalRejection } from '../party/party.decider.js';
import { partyStream } from '../party/party.state.js';

/** Everything that an officer decides on. */
@Injectable()
export class CaseQuery {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(PersonalDataQuery) private readonly personalData: PersonalDataQuery,
    @Inject(ScreeningQuery) private readonly screenings: ScreeningQuery,
    @Inject(ApprovePartyHandler) private readonly approveParty: ApprovePartyHandler,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws NotFound `party_unknown` */
  async of(partyId: string, caller: CallerIdentity): Promise<z.output<typeof caseResponse>> {
    const { streamId, aggregate } = partyStream(partyId);
    const { state, version } = await this.commands.load(streamId, aggregate);
    if (state.status === 'unknown') throw new NotFound('party_unknown');
    const { registration, evidence, screening } = state;
    const person = await this.personalData.of(partyId, registration.nameHash);
    const evidenceHash = evidenceHashOf(state);
    return {
      partyId,
      status: state.status,
      name: person?.name ?? null,
      aliases: person?.aliases ?? [],
      dateOfBirth: person?.dateOfBirth ?? null,
      address: person?.address ?? null,
      registeredBy: registration.registeredBy,
      evidence: [...evidence],
      evidenceHash,
      screening: screening && (await this.screenings.shown(screening.screeningId)),
      violations: await this.obstacles({ partyId, evidenceHash }, caller),
      streamVersion: version,
    };
  }

  /** Why an approval by the caller would be refused now. */
  private async obstacles(
    approval: { readonly partyId: string; readonly evidenceHash: string },
    caller: CallerIdentity,
  ): Promise<ApprovalRejection[]> {
    const now = this.clock.now();
    const commandId = derivedId('approval preview', approval.partyId, now);
    const handled = await this.approveParty.handle(approval, {
      ...{ commandId, now, actor: caller.partyId },
      correlationId: commandId,
      causationId: commandId,
      dryRun: true,
    });
    return handled.outcome === 'rejected' ? handled.violations.map(({ code }) => code) : [];
  }
}
