import { Controller, Get, Inject, Post } from '@nestjs/common';
import { fields, streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  decodeCursor,
  Input,
  NotFound,
  Operation,
  pageFrom,
  pageQuery,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import type { z } from 'zod';
import { providerAggregate, registerProvider } from '../domain/provider/index.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { CoverageReads } from './coverage-reads.js';
import {
  coverageResponse,
  providerParams,
  providerResponse,
  providersPage,
  registerProviderRequest,
  toLadderResponse,
  toProviderResponse,
  toShortfallResponse,
} from './providers.dto.js';
import { providerRejectionStatus } from './rejection-status.js';

const register = {
  summary: "Register the caller's party as a provider",
  description:
    'The party must be approved by compliance to issue. The haircut is the part of GPU time that is never promised.',
  roles: ['provider-admin'],
  body: registerProviderRequest,
  response: writeResponse,
  status: 201,
  rejections: providerRejectionStatus,
} as const;

const list = {
  summary: 'List providers',
  description: 'In the order of their ids.',
  roles: 'authenticated',
  query: pageQuery,
  response: providersPage,
} as const;

const one = {
  summary: 'Show a provider',
  description: 'Its haircut and version.',
  roles: 'authenticated',
  params: providerParams,
  response: providerResponse,
  rejections: { provider_unregistered: 404 },
} as const;

const coverage = {
  summary: 'Show the coverage of a provider',
  description:
    'The ladder of capacity and obligations from today on, the interval that is short if one is, and how much of each series could still be minted.',
  roles: 'authenticated',
  params: providerParams,
  response: coverageResponse,
  rejections: { provider_unregistered: 404 },
} as const;

@Controller('providers')
export class ProvidersController {
  private readonly commands: CommandHandler;
  private readonly providers: ProvidersQuery;
  private readonly eligibility: EligibilityQuery;
  private readonly coverageReads: CoverageReads;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
    @Inject(CoverageReads) coverageReads: CoverageReads,
  ) {
    this.commands = commands;
    this.providers = providers;
    this.eligibility = eligibility;
    this.coverageReads = coverageReads;
  }

  @Post()
  @Operation(register)
  async register(
    @Input() { body }: InputOf<typeof register>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const providerId = caller.partyId;
    const { eligible, refusalDetails } = await this.eligibility.own(
      providerId,
      'issue',
      context.now,
    );
    const handled = await this.commands.handle({
      streamId: streamIds.provider(providerId),
      aggregate: providerAggregate,
      decide: (state) =>
        registerProvider({ data: { providerId, ...body, eligible }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: providerId, streamVersion }),
      refusalDetails,
    });
    return answerOf(handled, providerRejectionStatus);
  }

  @Get()
  @Operation(list)
  async list(@Input() { query }: InputOf<typeof list>): Promise<z.output<typeof providersPage>> {
    const after = decodeCursor(query.cursor, fields.id);
    const rows = await this.providers.providers({ after, rowCount: query.limit + 1 });
    const page = { limit: query.limit, toItem: toProviderResponse };
    return pageFrom(rows, { ...page, after: (row) => row.providerId }) as z.output<
      typeof providersPage
    >;
  }

  @Get(':providerId')
  @Operation(one)
  async one(@Input() { params }: InputOf<typeof one>): Promise<z.output<typeof providerResponse>> {
    const row = await this.providers.provider(params.providerId);
    if (!row) throw new NotFound('provider_unregistered');
    return toProviderResponse(row);
  }

  @Get(':providerId/coverage')
  @Operation(coverage)
  async coverage(
    @Input() { params }: InputOf<typeof coverage>,
  ): Promise<z.output<typeof coverageResponse>> {
    const { providerId } = params;
    const read = await this.coverageReads.of(providerId);
    if (!read) throw new NotFound('provider_unregistered');
    const { asOfOn, coverage: found, ladder, mintable } = read;
    return {
      providerId,
      asOfOn,
      covered: found.covered,
      shortfall: toShortfallResponse(found),
      ladder: ladder.map(toLadderResponse),
      mintable: [...mintable],
    };
  }
}
