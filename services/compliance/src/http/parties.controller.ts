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
  Forbidden,
  hasRole,
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
import { personalDataRows, PersonalDataStore } from '../adapters/personal-data.js';
import type { RegisterParty } from '../domain/party/party.commands.js';
import { partyAggregate, registerParty, submitEvidence } from '../domain/party/party.decider.js';
import { isEligible } from '../domain/party/party.state.js';
import { PartyEntity } from '../projections/tables.js';
import {
  eligibilityQuery,
  eligibilityResponse,
  evidenceRequest,
  partiesQuery,
  partiesResponse,
  partyCursor,
  partyParams,
  partyResponse,
  registerRequest,
} from './compliance.dto.js';
import { evidenceStatus, registerStatus } from './rejection-status.js';

const registerInput = { body: registerRequest };
const evidenceInput = { params: partyParams, body: evidenceRequest };
const partyInput = { params: partyParams };
const listInput = { query: partiesQuery };
const eligibilityInput = { params: partyParams, query: eligibilityQuery };
const partyRoles = ['compliance-officer', 'provider-admin', 'founder', 'investor'] as const;

/** Parties, as they and the officers see them. */
@Controller('parties')
export class PartiesController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(PersonalDataStore) private readonly personalData: PersonalDataStore,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @Operation({
    summary: 'Register a party',
    description:
      'An officer registers anybody, others only themselves. The name stays out of the event log.',
    roles: partyRoles,
    ...registerInput,
    response: writeResponse,
    rejections: { ...registerStatus, not_your_party: 403 },
  })
  async register(
    @Input() { body }: InputOf<typeof registerInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const isOfficer = hasRole(caller, 'compliance-officer');
    const partyId =
      body.partyId ?? (isOfficer ? derivedId('party', context.commandId) : caller.partyId);
    if (!isOfficer && partyId !== caller.partyId) {
      throw new Forbidden('not_your_party');
    }
    const { kind, country, name, aliases, dateOfBirth, address } = body;
    const particulars = { name, aliases, dateOfBirth, address };
    const nameHash = this.personalData.nameHashOf(name);
    const data: RegisterParty['data'] = {
      partyId,
      kind,
      country,
      nameHash,
      particularsHash: this.personalData.particularsHashOf(particulars),
      particularsHashOnFile: await this.particularsHashOnFile(partyId),
    };
    const handled = await this.commands.handle({
      streamId: streamIds.party(partyId),
      aggregate: partyAggregate,
      decide: (state) => registerParty({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: partyId, streamVersion }),
      sideRows: personalDataRows(partyId, nameHash, particulars),
    });
    return answerOf(handled, registerStatus);
  }

  @Post(':partyId/evidence')
  @Operation({
    summary: 'File evidence of a party; only its hash enters the log',
    description:
      'The document itself stays with whoever filed it. Evidence that ends soonest decides how long an approval is good.',
    roles: partyRoles,
    ...evidenceInput,
    response: writeResponse,
    rejections: { ...evidenceStatus, not_your_party: 403 },
  })
  async submitEvidence(
    @Input() { params, body }: InputOf<typeof evidenceInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { partyId } = params;
    requireOwn(caller, partyId);
    const evidenceId = body.evidenceId ?? derivedId('evidence', context.commandId);
    const handled = await this.commands.handle({
      streamId: streamIds.party(partyId),
      aggregate: partyAggregate,
      decide: (state) =>
        submitEvidence({ data: { ...body, partyId, evidenceId }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: evidenceId, streamVersion }),
    });
    return answerOf(handled, evidenceStatus);
  }

  @Get(':partyId')
  @Operation({
    summary: 'Show what a party may do, as far as it may know',
    description:
      'A party sees itself; officers and auditors see everybody. It never tells why a party waits. The name is shown to officers and to the party.',
    roles: [...partyRoles, 'auditor'],
    ...partyInput,
    response: partyResponse,
    rejections: { party_unknown: 404, not_your_party: 403 },
  })
  async party(@Input() { params }: InputOf<typeof partyInput>, @Caller() caller: CallerIdentity) {
    requireOwn(caller, params.partyId);
    const row = await this.dataSource.getRepository(PartyEntity).findOneBy(params);
    if (row === null) {
      throw new NotFound('party_unknown');
    }
    const { partyId, kind, country, accredited, validUntil, streamVersion } = row;
    const isApproved = row.status === 'approved';
    return {
      name: (await this.namesShown(caller, [partyId])).get(partyId) ?? null,
      ...{ partyId, kind, country, accredited, validUntil, streamVersion },
      status: isApproved ? 'approved' : 'review_pending',
      actions: isApproved ? row.actions : [],
    };
  }

  @Get(':partyId/eligibility')
  @Operation({
    summary: 'Tell whether a party may do something at an instant',
    description: 'Computed from the event log, for now or any other instant.',
    roles: [...partyRoles, 'auditor', 'market-operator'],
    ...eligibilityInput,
    response: eligibilityResponse,
    rejections: { party_unknown: 404, not_your_party: 403 },
  })
  async eligibility(
    @Input() { params, query }: InputOf<typeof eligibilityInput>,
    @Caller() caller: CallerIdentity,
  ) {
    const { partyId } = params;
    requireOwn(caller, partyId);
    const { state } = await this.commands.load(streamIds.party(partyId), partyAggregate);
    if (state.status === 'unknown') {
      throw new NotFound('party_unknown');
    }
    const at = query.at ?? this.clock.now();
    return { partyId, action: query.action, at, eligible: isEligible(state, query.action, at) };
  }

  @Get()
  @Operation({
    summary: 'List parties',
    description: 'In the order of their ids. Names are shown to officers only.',
    roles: ['compliance-officer', 'auditor'],
    ...listInput,
    response: partiesResponse,
  })
  async list(@Input() { query }: InputOf<typeof listInput>, @Caller() caller: CallerIdentity) {
    const { limit, status } = query;
    const after = decodeCursor(query.cursor, partyCursor);
    const rows = await this.dataSource.getRepository(PartyEntity).find({
      where: { ...(status ? { status } : {}), ...(after ? { partyId: MoreThan(after) } : {}) },
      order: { partyId: 'ASC' },
      take: limit + 1,
    });
    const names = await this.namesShown(
      caller,
      rows.map(({ partyId }) => partyId),
    );
    return pageFrom(rows, {
      limit,
      toItem: ({ partyId, kind, country, status: rowStatus, validUntil }) => {
        const name = names.get(partyId) ?? null;
        return { partyId, name, kind, country, status: rowStatus, validUntil };
      },
      after: ({ partyId }) => partyId,
    });
  }

  /** The names that the caller may see among those of `partyIds`. */
  private namesShown(
    caller: CallerIdentity,
    partyIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const mayAll = hasRole(caller, 'compliance-officer');
    return this.personalData.namesOf(partyIds.filter((id) => mayAll || id === caller.partyId));
  }

  /** Of a registration without the hash; what is on file of a known party never changes. */
  private async particularsHashOnFile(partyId: string): Promise<string | null> {
    const { state } = await this.commands.load(streamIds.party(partyId), partyAggregate);
    if (state.status === 'unknown' || state.registration.particularsHash !== undefined) {
      return null;
    }
    const filed = await this.personalData.find(partyId, state.registration.nameHash);
    return filed === null ? null : this.personalData.particularsHashOf(filed);
  }
}

/** Officers, operators and auditors see everybody, others themselves. */
function requireOwn(caller: CallerIdentity, partyId: string): void {
  const mayAll = hasRole(caller, 'compliance-officer', 'market-operator', 'auditor');
  if (!mayAll && caller.partyId !== partyId) {
    throw new Forbidden('not_your_party');
  }
}
