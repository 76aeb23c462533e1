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
import {
  capTableResponse,
  companiesPage,
  companyDetailResponse,
  companyParams,
  equityQuoteQuery,
  equityQuoteResponse,
  registerCompanyRequest,
} from './company.dto.js';
import { CompanyQuery } from './company.query.js';
import { companyRejectionStatus } from './company.refusals.js';
import { RegisterCompanyHandler } from './register-company.handler.js';

const register = {
  summary: "Register a company of the caller's party, with its directors",
  description:
    'A director who did not sign approves deals for the board, so at least one must be another party.',
  roles: ['founder'],
  body: registerCompanyRequest,
  response: writeResponse,
  status: 201,
  rejections: companyRejectionStatus,
} as const;

const list = {
  summary: 'List companies',
  description: 'In the order of their ids.',
  roles: 'authenticated',
  query: pageQuery,
  response: companiesPage,
} as const;

const one = {
  summary: 'Show a company with its share classes',
  description: 'Who its directors are and how many shares of each class exist.',
  roles: 'authenticated',
  params: companyParams,
  response: companyDetailResponse,
  rejections: { company_unknown: 404 },
} as const;

const capTable = {
  summary: 'Show the cap table of a company',
  description:
    'Who holds how many shares. For the company, its directors, its holders, auditors and compliance officers.',
  roles: 'authenticated',
  params: companyParams,
  query: pageQuery,
  response: capTableResponse,
  rejections: { company_unknown: 404, not_your_company: 403 },
} as const;

const quote = {
  summary: 'Quote the shares that a percentage of equity means',
  description:
    'By each of the three usual definitions; they differ where convertibles outside the cap table are promised a part.',
  roles: 'authenticated',
  params: companyParams,
  query: equityQuoteQuery,
  response: equityQuoteResponse,
  rejections: { company_unknown: 404, equity_out_of_range: 422 },
} as const;

@Controller('companies')
export class CompaniesController {
  constructor(
    @Inject(RegisterCompanyHandler) private readonly registerCompany: RegisterCompanyHandler,
    @Inject(CompanyQuery) private readonly companies: CompanyQuery,
  ) {}

  @Post()
  @Operation(register)
  register(@Input() { body }: InputOf<typeof register>, @Command() context: CommandContext) {
    return answerOf(this.registerCompany.handle(body, context), companyRejectionStatus);
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>) {
    return this.companies.list(query);
  }

  @Get(':companyId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>) {
    return this.companies.one(params.companyId);
  }

  @Get(':companyId/cap-table')
  @Operation(capTable)
  capTable(@Input() { params, query }: InputOf<typeof capTable>, @Caller() caller: CallerIdentity) {
    return this.companies.capTable(params.companyId, query, caller);
  }

  @Get(':companyId/equity-quote')
  @Operation(quote)
  quote(@Input() { params, query }: InputOf<typeof quote>) {
    return this.companies.equityQuote(params.companyId, query);
  }
}
