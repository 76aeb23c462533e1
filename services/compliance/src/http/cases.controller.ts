import { createHash } from 'node:crypto';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Clock,
  Command,
  decodeCursor,
  derivedId,
  Input,
  NotFound,
  Operation,
  pageFrom,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import { candidateRows, PersonalDataStore } from '../adapters/personal-data.js';
import { SanctionsList } from '../adapters/sanctions-list.js';
import {
  approvalViolations,
  approveParty,
  freezeParty,
  partyAggregate,
  recordScreening,
  resolveAlert,
  unfreezeParty,
} from '../domain/party/party.decider.js';
import type { ApproveParty, UnfreezeParty } from '../domain/party/party.commands.js';
import { evidenceManifest, type Party } from '../domain/party/party.state.js';
import { ScreeningCandidateEntity, ScreeningEntity } from '../projections/tables.js';
import {
  alertCursor,
  alertParams,
  alertsQuery,
  alertsResponse,
  approvalRequest,
  caseResponse,
  freezeRequest,
  listResponse,
  partyParams,
  resolutionRequest,
  screeningRequest,
} from './compliance.dto.js';
import { answerWithAll, withAllInCode } from './refusal.js';
import {
  alertStatus,
  approvalStatus,
  freezeStatus,
  screeningStatus,
  unfreezeStatus,
} from './rejection-status.js';

/** OFAC's own search alerts from here on; recall comes first, officers sort the rest. */
const thresholdPpm = 800_000;
const candidatesShownMax = 1_000;

const caseInput = { params: partyParams };
const screeningInput = { params: partyParams, body: screeningRequest };
const alertInput = { params: alertParams, body: resolutionRequest };
const approvalInput = { params: partyParams, body: approvalRequest };
const freezeInput = { params: partyParams, body: freezeRequest };
const alertsInput = { query: alertsQuery };

/** What officers do: screen, resolve, approve, freeze. Nobody else is told why a party waits. */
@Controller()
export class CasesController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(PersonalDataStore) private readonly personalData: PersonalDataStore,
    @Inject(SanctionsList) private readonly list: SanctionsList,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post('parties/:partyId/screenings')
  @Operation({
    summary: 'Compare the names of a party with the sanctions list',
    roles: ['compliance-officer'],
    ...screeningInput,
    response: writeResponse,
    rejections: screeningStatus,
  })
  async screen(
    @Input() { params, body }: InputOf<typeof screeningInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { partyId } = params;
    const { state } = await this.load(partyId);
    if (state.status === 'unknown') {
      throw new NotFound('party_unknown');
    }
    const person = await this.personalData.find(partyId, state.registration.nameHash);
    if (person === null) {
      throw new Error('a registered party has no personal data');
    }
    const screeningId = body.screeningId ?? derivedId('screening', context.commandId);
    const { bestScorePpm, candidates, isComparable } = this.list.index.screen(
      [person.name, ...person.aliases],
      thresholdPpm,
      { isOrganisation: state.registration.kind !== 'person' },
    );
    const result = {
      listVersion: this.list.version,
      thresholdPpm,
      bestScorePpm,
      candidateCount: candidates.length,
      isComparable,
    };
    const handled = await this.commands.handle({
      ...this.target(partyId),
      decide: (party) =>
        recordScreening({ data: { partyId, screeningId, ...result }, metadata: context }, party),
      context,
      answer: (streamVersion) => ({ id: screeningId, streamVersion }),
      sideRows: candidateRows(screeningId, candidates),
    });
    return answerOf(handled, screeningStatus, {
      constraints: { screenings_pkey: 'screening_exists' },
    });
  }

  @Post('parties/:partyId/screenings/:screeningId/resolution')
  @Operation({
    summary:
      'Decide whether an alert is a true match; only somebody who took no part may dismiss it',
    roles: ['compliance-officer'],
    ...alertInput,
    response: writeResponse,
    rejections: alertStatus,
  })
  async resolve(
    @Input() { params, body }: InputOf<typeof alertInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const handled = await this.commands.handle({
      ...this.target(params.partyId),
      decide: (party) =>
        withAllInCode(resolveAlert({ data: { ...params, ...body }, metadata: context }, party)),
      context,
      answer: (streamVersion) => ({ id: params.screeningId, streamVersion }),
    });
    return answerWithAll(handled, alertStatus);
  }

  @Post('parties/:partyId/approval')
  @Operation({
    summary: 'Approve a party on the evidence seen; by a second person',
    roles: ['compliance-officer'],
    ...approvalInput,
    response: writeResponse,
    rejections: approvalStatus,
  })
  async approve(
    @Input() { params, body }: InputOf<typeof approvalInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { partyId } = params;
    const handled = await this.commands.handle({
      ...this.target(partyId),
      decide: (party) =>
        withAllInCode(
          approveParty(this.approvalOf(partyId, body.evidenceHash, context, party), party),
        ),
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
    });
    return answerWithAll(handled, approvalStatus);
  }

  @Post('parties/:partyId/freeze')
  @Operation({
    summary: 'Suspend everything a party may do',
    roles: ['compliance-officer'],
    ...freezeInput,
    response: writeResponse,
    rejections: freezeStatus,
  })
  async freeze(
    @Input() { params, body }: InputOf<typeof freezeInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const handled = await this.commands.handle({
      ...this.target(params.partyId),
      decide: (party) => freezeParty({ data: { ...params, ...body }, metadata: context }, party),
      context,
      answer: (streamVersion) => ({ id: params.partyId, streamVersion }),
    });
    return answerOf(handled, freezeStatus);
  }

  @Post('parties/:partyId/unfreeze')
  @Operation({
    summary: 'End a freeze; eligibility is published anew',
    roles: ['compliance-officer'],
    ...caseInput,
    response: writeResponse,
    rejections: unfreezeStatus,
  })
  async unfreeze(
    @Input() { params }: InputOf<typeof caseInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { partyId } = params;
    const command: UnfreezeParty = {
      data: { partyId, listVersion: this.list.version },
      metadata: context,
    };
    const handled = await this.commands.handle({
      ...this.target(partyId),
      decide: (party) => withAllInCode(unfreezeParty(command, party)),
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
    });
    return answerWithAll(handled, unfreezeStatus);
  }

  @Get('parties/:partyId/case')
  @Operation({
    summary: 'Everything an officer decides on, and what stands against an approval',
    roles: ['compliance-officer'],
    ...caseInput,
    response: caseResponse,
    rejections: { party_unknown: 404 },
  })
  async case(@Input() { params }: InputOf<typeof caseInput>, @Caller() caller: CallerIdentity) {
    const { partyId } = params;
    const { state, version } = await this.load(partyId);
    if (state.status === 'unknown') {
      throw new NotFound('party_unknown');
    }
    const person = await this.personalData.find(partyId, state.registration.nameHash);
    if (person === null) {
      throw new Error('a registered party has no personal data');
    }
    const evidenceHash = evidenceHashOf(state);
    const metadata = { now: this.clock.now(), actor: caller.partyId };
    return {
      partyId,
      status: state.status,
      name: person.name,
      aliases: person.aliases,
      dateOfBirth: person.dateOfBirth,
      address: person.address,
      registeredBy: state.registration.registeredBy,
      evidence: state.evidence,
      evidenceHash,
      screening: await this.screeningOf(state.screening?.screeningId),
      violations: approvalViolations(
        this.approvalOf(partyId, evidenceHash, metadata, state),
        state,
      ),
      streamVersion: version,
    };
  }

  @Get('alerts')
  @Operation({
    summary: 'Open alerts, oldest first',
    roles: ['compliance-officer'],
    ...alertsInput,
    response: alertsResponse,
  })
  async alerts(@Input() { query }: InputOf<typeof alertsInput>) {
    const after = decodeCursor(query.cursor, alertCursor) ?? 0;
    const rows = await this.dataSource.getRepository(ScreeningEntity).find({
      where: { verdict: 'alert', position: MoreThan(after) },
      order: { position: 'ASC' },
      take: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: ({ screeningId, partyId, alertReason, bestScorePpm, candidateCount }) => {
        return { screeningId, partyId, alertReason, bestScorePpm, candidateCount };
      },
      after: ({ position }) => position,
    });
  }

  @Get('sanctions-list')
  @Operation({
    summary: 'The sanctions list in force',
    roles: ['compliance-officer', 'auditor'],
    response: listResponse,
  })
  sanctionsList() {
    return { version: this.list.version, entryCount: this.list.index.entryCount };
  }

  private target(partyId: string): {
    readonly streamId: string;
    readonly aggregate: typeof partyAggregate;
  } {
    return { streamId: streamIds.party(partyId), aggregate: partyAggregate };
  }

  private load(partyId: string): Promise<{ readonly version: number; readonly state: Party }> {
    return this.commands.load(streamIds.party(partyId), partyAggregate);
  }

  private approvalOf(
    partyId: string,
    evidenceHash: string,
    metadata: ApproveParty['metadata'],
    party: Party,
  ): ApproveParty {
    const evidenceHashOnFile = evidenceHashOf(party);
    return {
      data: { partyId, evidenceHash, evidenceHashOnFile, listVersion: this.list.version },
      metadata,
    };
  }

  private async screeningOf(screeningId: string | undefined) {
    const row =
      screeningId === undefined
        ? null
        : await this.dataSource.getRepository(ScreeningEntity).findOneBy({ screeningId });
    if (row === null) {
      return null;
    }
    const candidates = await this.dataSource.getRepository(ScreeningCandidateEntity).find({
      where: { screeningId: row.screeningId },
      order: { scorePpm: 'DESC', entryNumber: 'ASC' },
      take: candidatesShownMax,
    });
    return {
      screeningId: row.screeningId,
      listVersion: row.listVersion,
      isCurrentList: row.listVersion === this.list.version,
      bestScorePpm: row.bestScorePpm,
      verdict: row.verdict,
      alertReason: row.alertReason,
      resolvedBy: row.resolvedBy,
      candidates: candidates.map(({ entryNumber, listedName, nameKind, scorePpm }) => {
        return { entryNumber, listedName, nameKind, scorePpm };
      }),
    };
  }
}

function evidenceHashOf(party: Party): string {
  const manifest = party.status === 'unknown' ? '' : evidenceManifest(party.evidence);
  return createHash('sha256').update(manifest).digest('hex');
}
