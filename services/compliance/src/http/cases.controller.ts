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
  Unavailable,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import { candidateRows, PersonalDataStore } from '../adapters/personal-data.js';
import { SanctionsLists } from '../adapters/sanctions-lists.js';
import { Screener } from '../adapters/screener.js';
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
import { staleParties } from '../projections/stale-screenings.js';
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
  partyCursor,
  screeningRequest,
  staleQuery,
  staleResponse,
} from './compliance.dto.js';
import { answerWithAll, withAllInCode } from './refusal.js';
import {
  alertStatus,
  approvalStatus,
  freezeStatus,
  screeningStatus,
  unfreezeStatus,
} from './rejection-status.js';

const candidatesShownMax = 1_000;

const caseInput = { params: partyParams };
const screeningInput = { params: partyParams, body: screeningRequest };
const alertInput = { params: alertParams, body: resolutionRequest };
const approvalInput = { params: partyParams, body: approvalRequest };
const freezeInput = { params: partyParams, body: freezeRequest };
const alertsInput = { query: alertsQuery };
const staleInput = { query: staleQuery };

/** What officers do: screen, resolve, approve, freeze. Nobody else is told why a party waits. */
@Controller()
export class CasesController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(PersonalDataStore) private readonly personalData: PersonalDataStore,
    @Inject(SanctionsLists) private readonly lists: SanctionsLists,
    @Inject(Screener) private readonly screener: Screener,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post('parties/:partyId/screenings')
  @Operation({
    summary: 'Compare the names of a party with the sanctions list',
    description:
      'Compares name and aliases with the list in force. A candidate that is alike enough makes an alert, which freezes an approved party. Read the outcome in the case.',
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
    const list = await this.lists.inForce();
    if (list === null) {
      throw new Unavailable('sanctions_list_missing');
    }
    const { result, candidates } = await this.screener.compare(state, list);
    const screeningId = body.screeningId ?? derivedId('screening', context.commandId);
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
    description:
      'Names the last screening of the party. A true match freezes the party until it was screened again without an alert or true match and somebody else ended the freeze; a false positive lets it be approved.',
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
    description:
      'Names the hash of the evidence that the officer saw, as the case shows it. Whoever registered the party or filed its evidence may not approve it. What the party may do is published to all services.',
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
    const { evidenceHash } = body;
    const listVersion = await this.versionInForce();
    const handled = await this.commands.handle({
      ...this.target(partyId),
      decide: (party) =>
        withAllInCode(
          approveParty(
            approvalOf(party, { partyId, evidenceHash, listVersion, metadata: context }),
            party,
          ),
        ),
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
    });
    return answerWithAll(handled, approvalStatus);
  }

  @Post('parties/:partyId/freeze')
  @Operation({
    summary: 'Suspend everything a party may do',
    description:
      'At once and without a second person. The other services refuse the party as soon as they have heard of it.',
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
    description:
      'Needs a screening against the list in force without an open alert or true match, and somebody who took no part.',
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
      data: { partyId, listVersion: await this.versionInForce() },
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
    summary: 'Show everything an officer decides on, and what stands against an approval',
    description:
      'The only page with all personal data of a party, its evidence and the candidates of its last screening.',
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
    // Null once it was erased.
    const person = await this.personalData.find(partyId, state.registration.nameHash);
    const listVersion = await this.versionInForce();
    const evidenceHash = evidenceHashOf(state);
    const metadata = { now: this.clock.now(), actor: caller.partyId };
    return {
      partyId,
      status: state.status,
      name: person?.name ?? null,
      aliases: person?.aliases ?? [],
      dateOfBirth: person?.dateOfBirth ?? null,
      address: person?.address ?? null,
      registeredBy: state.registration.registeredBy,
      evidence: state.evidence,
      evidenceHash,
      screening: await this.screeningOf(state.screening?.screeningId, listVersion),
      violations: approvalViolations(
        approvalOf(state, { partyId, evidenceHash, listVersion, metadata }),
        state,
      ),
      streamVersion: version,
    };
  }

  @Get('alerts')
  @Operation({
    summary: 'List open alerts, oldest first',
    description: 'Each waits for an officer who decides whether it is a true match.',
    roles: ['compliance-officer'],
    ...alertsInput,
    response: alertsResponse,
  })
  async alerts(@Input() { query }: InputOf<typeof alertsInput>) {
    const after = decodeCursor(query.cursor, alertCursor) ?? 0;
    const rows = await this.dataSource.getRepository(ScreeningEntity).find({
      where: { verdict: 'alert', isLatest: true, position: MoreThan(after) },
      order: { position: 'ASC' },
      take: query.limit + 1,
    });
    const names = await this.personalData.namesOf(rows.map(({ partyId }) => partyId));
    return pageFrom(rows, {
      limit: query.limit,
      toItem: ({ screeningId, partyId, alertReason, bestScorePpm, candidateCount }) => {
        const name = names.get(partyId) ?? null;
        return { screeningId, partyId, name, alertReason, bestScorePpm, candidateCount };
      },
      after: ({ position }) => position,
    });
  }

  @Get('sanctions-list')
  @Operation({
    summary: 'Show the sanctions list in force',
    description: 'The hash and size of the list, and why files at hand are not in force.',
    roles: ['compliance-officer', 'auditor'],
    response: listResponse,
  })
  async sanctionsList() {
    const list = await this.lists.inForce();
    const { refusal } = this.lists;
    return {
      version: list?.version ?? null,
      entryCount: list?.index.entryCount ?? 0,
      refused: refusal === null ? null : { ...refusal, problems: [...refusal.problems] },
    };
  }

  @Get('stale-screenings')
  @Operation({
    summary: 'List the parties that were not screened against the list in force',
    description: 'They are screened within seconds of a new list; one that stays is worth a look.',
    roles: ['compliance-officer', 'auditor'],
    ...staleInput,
    response: staleResponse,
  })
  async staleScreenings(@Input() { query }: InputOf<typeof staleInput>) {
    const after = decodeCursor(query.cursor, partyCursor) ?? null;
    const rows = await staleParties(this.dataSource.manager, (await this.versionInForce()) ?? '', {
      after,
      limit: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: ({ partyId, status, screenedListVersion }) => {
        return { partyId, status, screenedListVersion };
      },
      after: ({ partyId }) => partyId,
    });
  }

  private async versionInForce(): Promise<string | null> {
    return (await this.lists.inForce())?.version ?? null;
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

  private async screeningOf(screeningId: string | undefined, listVersion: string | null) {
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
      isCurrentList: row.listVersion === listVersion,
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

function approvalOf(
  party: Party,
  given: Omit<ApproveParty['data'], 'evidenceHashOnFile'> & Pick<ApproveParty, 'metadata'>,
): ApproveParty {
  const { metadata, ...data } = given;
  return { data: { ...data, evidenceHashOnFile: evidenceHashOf(party) }, metadata };
}

function evidenceHashOf(party: Party): string {
  const manifest = party.status === 'unknown' ? '' : evidenceManifest(party.evidence);
  return createHash('sha256').update(manifest).digest('hex');
}
