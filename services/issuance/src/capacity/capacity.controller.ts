import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  Input,
  Operation,
  pageQuery,
  writeResponse,
  type InputOf,
} from '@specie/nest-platform';
import { providerParams } from '../provider/provider.dto.js';
import { constraintRejections, providerRejectionStatus } from '../provider/provider.refusals.js';
import { AttestCapacityHandler } from './attest-capacity.handler.js';
import { CommitCapacityHandler } from './commit-capacity.handler.js';
import {
  attestCapacityRequest,
  commitCapacityRequest,
  commitmentParams,
  commitmentsPage,
} from './capacity.dto.js';
import { CapacityQuery } from './capacity.query.js';
import { WithdrawCapacityHandler } from './withdraw-capacity.handler.js';

const rejections = { ...providerRejectionStatus, not_your_provider: 403 } as const;

const commit = {
  summary: 'Commit GPUs of one SKU for every day of a range',
  description: 'A promise that backs no tokens until an auditor has attested it.',
  roles: ['provider-admin'],
  params: providerParams,
  body: commitCapacityRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const attest = {
  summary: 'Attest committed capacity; from now on it backs tokens',
  description: 'By an auditor who is not the provider, with the hash of what was seen.',
  roles: ['auditor'],
  params: commitmentParams,
  body: attestCapacityRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const withdraw = {
  summary: 'Withdraw capacity; refused if something would no longer be covered',
  description: 'The refusal names the interval of days that would be short.',
  roles: ['provider-admin'],
  params: commitmentParams,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const list = {
  summary: 'List the capacity commitments of a provider',
  description: 'Committed, attested and withdrawn ones.',
  roles: 'authenticated',
  params: providerParams,
  query: pageQuery,
  response: commitmentsPage,
  rejections: { provider_unregistered: 404 },
} as const;

@Controller('providers/:providerId/capacity-commitments')
export class CapacityController {
  constructor(
    @Inject(CommitCapacityHandler) private readonly commitCapacity: CommitCapacityHandler,
    @Inject(AttestCapacityHandler) private readonly attestCapacity: AttestCapacityHandler,
    @Inject(WithdrawCapacityHandler) private readonly withdrawCapacity: WithdrawCapacityHandler,
    @Inject(CapacityQuery) private readonly capacity: CapacityQuery,
  ) {}

  @Post()
  @Operation(commit)
  commit(@Input() { params, body }: InputOf<typeof commit>, @Command() context: CommandContext) {
    const handled = this.commitCapacity.handle({ ...params, ...body }, context);
    return answerOf(handled, rejections, { constraints: constraintRejections });
  }

  @Post(':commitmentId/attestations')
  @Operation(attest)
  attest(@Input() { params, body }: InputOf<typeof attest>, @Command() context: CommandContext) {
    return answerOf(this.attestCapacity.handle({ ...params, ...body }, context), rejections);
  }

  @Post(':commitmentId/withdrawals')
  @Operation(withdraw)
  withdraw(@Input() { params }: InputOf<typeof withdraw>, @Command() context: CommandContext) {
    return answerOf(this.withdrawCapacity.handle(params, context), rejections);
  }

  @Get()
  @Operation(list)
  list(@Input() { params, query }: InputOf<typeof list>) {
    return this.capacity.list(params.providerId, query);
  }
}
