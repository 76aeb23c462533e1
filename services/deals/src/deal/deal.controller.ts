import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  pageQuery,
  writeResponse,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { ActivateDealHandler } from './activate-deal.handler.js';
import { ApproveDealHandler } from './approve-deal.handler.js';
import { CancelDealHandler } from './cancel-deal.handler.js';
import {
  approvalRequest,
  dealDetailResponse,
  dealParams,
  dealsPage,
  offerRequest,
  signatureRequest,
} from './deal.dto.js';
import { DealQuery } from './deal.query.js';
import { dealConstraintRejections, dealRejectionStatus } from './deal.refusals.js';
import { OfferDealHandler } from './offer-deal.handler.js';
import { SignDealHandler } from './sign-deal.handler.js';

const write = { response: writeResponse, status: 201, rejections: dealRejectionStatus } as const;
const bothSides = ['founder', 'provider-admin'] as const;

const offer = {
  ...write,
  summary: 'Offer tokens for equity',
  description:
    'By the provider. The shares follow from the percentage and the cap table of now, and are split over the tranches exactly.',
  roles: ['provider-admin'],
  body: offerRequest,
} as const;

const sign = {
  ...write,
  summary: "Sign exactly these terms for the caller's side",
  description: 'Name termsHash of the deal. The first signature reserves the shares.',
  roles: bothSides,
  params: dealParams,
  body: signatureRequest,
} as const;

const cancel = {
  ...write,
  summary: 'Cancel a deal that is not active yet; the shares reserved for it are free again',
  description: 'Either side may, until the deal is active.',
  roles: bothSides,
  params: dealParams,
} as const;

const approve = {
  ...write,
  summary: 'Approve signed terms as a director who did not sign',
  description: 'Names the hash of the resolution of the board and termsHash of the deal.',
  roles: ['founder', 'investor'],
  params: dealParams,
  body: approvalRequest,
} as const;

const activate = {
  ...write,
  summary: 'Activate an approved deal; both sides must be eligible',
  description: 'From now on its tranches can be opened one after the other. Takes no body.',
  roles: bothSides,
  params: dealParams,
} as const;

const list = {
  summary: "List the caller's deals; auditors and compliance officers see all",
  description: 'Those in which the caller is the provider or the company.',
  roles: 'authenticated',
  query: pageQuery,
  response: dealsPage,
} as const;

const one = {
  summary: 'Show a deal with its tranches',
  description: 'For its sides, the directors of the company, auditors and compliance officers.',
  roles: 'authenticated',
  params: dealParams,
  response: dealDetailResponse,
  rejections: { deal_unknown: 404 },
} as const;

@Controller('deals')
export class DealsController {
  constructor(
    @Inject(OfferDealHandler) private readonly offerDeal: OfferDealHandler,
    @Inject(SignDealHandler) private readonly signDeal: SignDealHandler,
    @Inject(CancelDealHandler) private readonly cancelDeal: CancelDealHandler,
    @Inject(ApproveDealHandler) private readonly approveDeal: ApproveDealHandler,
    @Inject(ActivateDealHandler) private readonly activateDeal: ActivateDealHandler,
    @Inject(DealQuery) private readonly deals: DealQuery,
  ) {}

  @Post()
  @Operation(offer)
  offer(@Input() { body }: InputOf<typeof offer>, @Command() context: CommandContext) {
    return answerOf(this.offerDeal.handle(body, context), dealRejectionStatus, {
      constraints: dealConstraintRejections,
    });
  }

  @Post(':dealId/signatures')
  @Operation(sign)
  sign(
    @Input() { params, body }: InputOf<typeof sign>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(
      this.signDeal.handle({ ...params, ...body }, context, caller),
      dealRejectionStatus,
    );
  }

  @Post(':dealId/cancellation')
  @Operation(cancel)
  cancel(
    @Input() { params }: InputOf<typeof cancel>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.cancelDeal.handle(params, context, caller), dealRejectionStatus);
  }

  @Post(':dealId/board-approvals')
  @Operation(approve)
  approve(
    @Input() { params, body }: InputOf<typeof approve>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(
      this.approveDeal.handle({ ...params, ...body }, context, caller),
      dealRejectionStatus,
    );
  }

  @Post(':dealId/activation')
  @Operation(activate)
  activate(
    @Input() { params }: InputOf<typeof activate>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.activateDeal.handle(params, context, caller), dealRejectionStatus);
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>, @Caller() caller: CallerIdentity) {
    return this.deals.list(query, caller);
  }

  @Get(':dealId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>, @Caller() caller: CallerIdentity) {
    return this.deals.one(params.dealId, caller);
  }
}
