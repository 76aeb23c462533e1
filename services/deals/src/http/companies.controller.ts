import { Controller, Get, Inject, Post } from '@nestjs/common';
import { fields, streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  decodeCursor,
  derivedId,
  Input,
  NotFound,
  Operation,
  pageFrom,
  pageQuery,
  Unprocessable,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { shares as sharesOf } from '@specie/quantities';
import type { z } from 'zod';
import { companyAggregate, registerCompany } from '../domain/company/index.js';
import { equityReadings } from '../domain/equity/index.js';
import { CompaniesQuery } from '../projections/companies/companies.query.js';
import type { CompanyRow, ShareClassRow } from '../projections/tables.js';
import { requireReader } from './access.js';
import {
  byHolder,
  capTableResponse,
  companiesPage,
  companyDetailResponse,
  companyParams,
  equityQuoteQuery,
  equityQuoteResponse,
  registerCompanyRequest,
  toClassResponse,
  toCompanyResponse,
  toHolderResponse,
} from './companies.dto.js';
import { companyRejectionStatus } from './rejection-status.js';

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
  private readonly commands: CommandHandler;
  private readonly companies: CompaniesQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(CompaniesQuery) companies: CompaniesQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.companies = companies;
    this.eligibility = eligibility;
  }

  @Post()
  @Operation(register)
  async register(
    @Input() { body }: InputOf<typeof register>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const companyId = body.companyId ?? derivedId('company', context.commandId);
    const { directorPartyIds } = body;
    const { partyId } = caller;
    const { eligible, refusalDetails } = await this.eligibility.own(partyId, 'deal', context.now);
    const data = { companyId, partyId, directorPartyIds, eligible };
    const handled = await this.commands.handle({
      streamId: streamIds.company(companyId),
      aggregate: companyAggregate,
      decide: (state) => registerCompany({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: companyId, streamVersion }),
      refusalDetails,
    });
    return answerOf(handled, companyRejectionStatus);
  }

  @Get()
  @Operation(list)
  async list(@Input() { query }: InputOf<typeof list>): Promise<z.output<typeof companiesPage>> {
    const after = decodeCursor(query.cursor, fields.id);
    const rows = await this.companies.companies({ after, rowCount: query.limit + 1 });
    const page = {
      limit: query.limit,
      toItem: toCompanyResponse,
      after: (row: CompanyRow) => row.companyId,
    };
    return pageFrom(rows, page) as z.output<typeof companiesPage>;
  }

  @Get(':companyId')
  @Operation(one)
  async one(
    @Input() { params }: InputOf<typeof one>,
  ): Promise<z.output<typeof companyDetailResponse>> {
    const row = await this.known(params.companyId);
    const classes = await this.companies.classes(row.companyId);
    return { ...toCompanyResponse(row), classes: classes.map(toClassResponse) };
  }

  @Get(':companyId/cap-table')
  @Operation(capTable)
  async capTable(
    @Input() { params, query }: InputOf<typeof capTable>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof capTableResponse>> {
    const after = decodeCursor(query.cursor, fields.id);
    const row = await this.known(params.companyId);
    const { companyId, streamVersion } = row;
    const isHolder = await this.companies.isHolder(companyId, caller.partyId);
    const readers = [row.partyId, ...row.directorPartyIds, ...(isHolder ? [caller.partyId] : [])];
    requireReader(caller, readers, 'not_your_company');
    const classes = await this.companies.classes(companyId);
    const whole = outstandingIn(classes);
    const holdings = await this.companies.holdings(companyId, { after, rowCount: query.limit + 1 });
    const { items, nextCursor } = pageFrom(byHolder(holdings), {
      limit: query.limit,
      toItem: (rows) => toHolderResponse(rows, whole),
      after: (rows) => rows[0]?.partyId ?? null,
    });
    return {
      companyId,
      streamVersion,
      fullyDiluted: sharesOf(whole),
      classes: classes.map(toClassResponse),
      holders: [...items],
      nextCursor,
    };
  }

  @Get(':companyId/equity-quote')
  @Operation(quote)
  async quote(
    @Input() { params, query }: InputOf<typeof quote>,
  ): Promise<z.output<typeof equityQuoteResponse>> {
    const { companyId } = await this.known(params.companyId);
    const outstanding = outstandingIn(await this.companies.classes(companyId));
    const readings = equityReadings({ ...query, outstanding });
    if (!readings) throw new Unprocessable('equity_out_of_range');
    return { fullyDiluted: sharesOf(outstanding), ...readings };
  }

  private async known(companyId: string): Promise<CompanyRow> {
    const row = await this.companies.company(companyId);
    if (!row) throw new NotFound('company_unknown');
    return row;
  }
}

function outstandingIn(classes: readonly ShareClassRow[]): bigint {
  return classes.reduce((sum, { issued, cancelled }) => sum + issued - cancelled, 0n);
}
