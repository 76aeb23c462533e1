import { Controller, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  Input,
  Operation,
  writeResponse,
  type InputOf,
} from '@specie/nest-platform';
import { AuthoriseShareClassHandler } from './authorise-share-class.handler.js';
import { CancelSharesHandler } from './cancel-shares.handler.js';
import {
  authoriseClassRequest,
  cancellationRequest,
  companyParams,
  foundingIssuanceRequest,
} from './company.dto.js';
import { companyConstraintRejections, companyRejectionStatus } from './company.refusals.js';
import { IssueFoundingSharesHandler } from './issue-founding-shares.handler.js';

const rejections = { ...companyRejectionStatus, not_your_company: 403 } as const;

const authorise = {
  summary: 'Authorise a class of shares, or change how many of it may exist',
  description: 'Never below what exists and what signed deals have reserved.',
  roles: ['founder'],
  params: companyParams,
  body: authoriseClassRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const found = {
  summary: 'Issue founding shares',
  description: 'To any party that compliance knows and has not frozen, without payment.',
  roles: ['founder'],
  params: companyParams,
  body: foundingIssuanceRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const cancel = {
  summary: "Give up shares of the caller's party",
  description: 'They cease to exist; nobody gets them.',
  roles: ['founder', 'investor', 'provider-admin'],
  params: companyParams,
  body: cancellationRequest,
  response: writeResponse,
  status: 201,
  rejections: companyRejectionStatus,
} as const;

@Controller('companies/:companyId')
export class SharesController {
  constructor(
    @Inject(AuthoriseShareClassHandler) private readonly authoriseClass: AuthoriseShareClassHandler,
    @Inject(IssueFoundingSharesHandler) private readonly issueFounding: IssueFoundingSharesHandler,
    @Inject(CancelSharesHandler) private readonly cancelShares: CancelSharesHandler,
  ) {}

  @Post('share-classes')
  @Operation(authorise)
  authorise(
    @Input() { params, body }: InputOf<typeof authorise>,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.authoriseClass.handle({ ...params, ...body }, context), rejections, {
      constraints: companyConstraintRejections,
    });
  }

  @Post('founding-issuances')
  @Operation(found)
  found(@Input() { params, body }: InputOf<typeof found>, @Command() context: CommandContext) {
    return answerOf(this.issueFounding.handle({ ...params, ...body }, context), rejections, {
      constraints: companyConstraintRejections,
    });
  }

  @Post('cancellations')
  @Operation(cancel)
  cancel(@Input() { params, body }: InputOf<typeof cancel>, @Command() context: CommandContext) {
    return answerOf(this.cancelShares.handle({ ...params, ...body }, context), rejections, {
      constraints: companyConstraintRejections,
    });
  }
}
