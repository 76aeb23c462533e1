import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import {
  eligibilityQuery,
  eligibilityResponse,
  evidenceRequest,
  partiesQuery,
  partiesResponse,
  partyParams,
  partyResponse,
  registerRequest,
} from './party.dto.js';
import { PartyQuery } from './party.query.js';
import { evidenceStatus, registerStatus } from './party.refusals.js';
import { RegisterPartyHandler } from './register-party.handler.js';
import { SubmitEvidenceHandler } from './submit-evidence.handler.js';

const partyRoles = ['compliance-officer', 'provider-admin', 'founder', 'investor'] as const;

const register = {
  summary: 'Register a party',
  description:
    'An officer registers any party, others only themselves. The name stays out of the event log.',
  roles: partyRoles,
  body: registerRequest,
  response: writeResponse,
  rejections: { ...registerStatus, not_your_party: 403 },
} as const;

const evidence = {
  summary: 'File evidence of a party',
  description:
    'Only its hash enters the log; the document itself stays with whoever filed it. The evidence that expires first ends an approval.',
  roles: partyRoles,
  params: partyParams,
  body: evidenceRequest,
  response: writeResponse,
  rejections: { ...evidenceStatus, not_your_party: 403 },
} as const;

const one = {
  summary: 'Show a party',
  description:
    'What it may do, but never why it waits. A party sees itself; officers and auditors see all. The name is shown to officers and to the party.',
  roles: [...partyRoles, 'auditor'],
  params: partyParams,
  response: partyResponse,
  rejections: { party_unknown: 404, not_your_party: 403 },
} as const;

const eligibility = {
  summary: 'Show whether a party may do something at an instant',
  description: 'Computed from the event log, for now or any other instant.',
  roles: [...partyRoles, 'auditor', 'market-operator'],
  params: partyParams,
  query: eligibilityQuery,
  response: eligibilityResponse,
  rejections: { party_unknown: 404, not_your_party: 403 },
} as const;

const list = {
  summary: 'List parties',
  description: 'In the order of their ids. Names are shown to officers only.',
  roles: ['compliance-officer', 'auditor'],
  query: partiesQuery,
  response: partiesResponse,
} as const;

@Controller('parties')
export class PartiesController {
  constructor(
    @Inject(RegisterPartyHandler) private readonly registerParty: RegisterPartyHandler,
    @Inject(SubmitEvidenceHandler) private readonly submitEvidenceOf: SubmitEvidenceHandler,
    @Inject(PartyQuery) private readonly parties: PartyQuery,
  ) {}

  @Post()
  @Operation(register)
  register(
    @Input() { body }: InputOf<typeof register>,
    @Command() context: CommandContext,
    @Caller() caller: CallerIdentity,
  ) {
    return answerOf(this.registerParty.handle(body, context, caller), registerStatus);
  }

  @Post(':partyId/evidence')
  @Operation(evidence)
  submitEvidence(
    @Input() { params, body }: InputOf<typeof evidence>,
    @Command() context: CommandContext,
    @Caller() caller: CallerIdentity,
  ) {
    const handled = this.submitEvidenceOf.handle({ ...params, ...body }, context, caller);
    return answerOf(handled, evidenceStatus);
  }

  @Get(':partyId')
  @Operation(one)
  party(@Input() { params }: InputOf<typeof one>, @Caller() caller: CallerIdentity) {
    return this.parties.one(params.partyId, caller);
  }

  @Get(':partyId/eligibility')
  @Operation(eligibility)
  eligibility(
    @Input() { params, query }: InputOf<typeof eligibility>,
    @Caller() caller: CallerIdentity,
  ) {
    return this.parties.eligibility(params.partyId, query, caller);
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>, @Caller() caller: CallerIdentity) {
    return this.parties.list(query, caller);
  }
}
