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
import { ApprovePartyHandler } from './approve-party.handler.js';
import { approvalRequest, caseResponse, freezeRequest } from './case.dto.js';
import { CaseQuery } from './case.query.js';
import { FreezePartyHandler } from './freeze-party.handler.js';
import { partyParams } from '../party/party.dto.js';
import {
  approvalStatus,
  freezeStatus,
  partyViolations,
  unfreezeStatus,
} from '../party/party.refusals.js';
import { UnfreezePartyHandler } from './unfreeze-party.handler.js';

const approve = {
  summary: 'Approve a party on the evidence seen',
  description:
    'Names the hash of the evidence that the officer saw, as the case shows it. A second person approves: whoever registered the party or filed its evidence may not. What the party may do is published to all services.',
  roles: ['compliance-officer'],
  params: partyParams,
  body: approvalRequest,
  response: writeResponse,
  rejections: approvalStatus,
  violations: partyViolations,
} as const;

const freeze = {
  summary: 'Freeze a party',
  description:
    'Suspends everything it may do, at once and without a second person. The other services refuse the party as soon as they have heard of it.',
  roles: ['compliance-officer'],
  params: partyParams,
  body: freezeRequest,
  response: writeResponse,
  rejections: freezeStatus,
} as const;

const unfreeze = {
  summary: 'Unfreeze a party',
  description:
    'Needs a screening against the list in force without an open alert or true match, and somebody who took no part. Eligibility is published again.',
  roles: ['compliance-officer'],
  params: partyParams,
  response: writeResponse,
  rejections: unfreezeStatus,
  violations: partyViolations,
} as const;

const one = {
  summary: 'Show the case of a party',
  description:
    'Everything that an officer decides on, and what stands against an approval. The only answer with all personal data of a party, its evidence and the candidates of its last screening.',
  roles: ['compliance-officer'],
  params: partyParams,
  response: caseResponse,
  rejections: { party_unknown: 404 },
} as const;

/** What officers do. The class has the name of the tag under which the API document lists its routes. */
@Controller('parties/:partyId')
export class CasesController {
  constructor(
    @Inject(ApprovePartyHandler) private readonly approveParty: ApprovePartyHandler,
    @Inject(FreezePartyHandler) private readonly freezeParty: FreezePartyHandler,
    @Inject(UnfreezePartyHandler) private readonly unfreezeParty: UnfreezePartyHandler,
    @Inject(CaseQuery) private readonly cases: CaseQuery,
  ) {}

  @Post('approval')
  @Operation(approve)
  approve(@Input() { params, body }: InputOf<typeof approve>, @Command() context: CommandContext) {
    return answerOf(this.approveParty.handle({ ...params, ...body }, context), approvalStatus);
  }

  @Post('freeze')
  @Operation(freeze)
  freeze(@Input() { params, body }: InputOf<typeof freeze>, @Command() context: CommandContext) {
    return answerOf(this.freezeParty.handle({ ...params, ...body }, context), freezeStatus);
  }

  @Post('unfreeze')
  @Operation(unfreeze)
  unfreeze(@Input() { params }: InputOf<typeof unfreeze>, @Command() context: CommandContext) {
    return answerOf(this.unfreezeParty.handle(params, context), unfreezeStatus);
  }

  @Get('case')
  @Operation(one)
  case(@Input() { params }: InputOf<typeof one>, @Caller() caller: CallerIdentity) {
    return this.cases.of(params.partyId, caller);
  }
}
