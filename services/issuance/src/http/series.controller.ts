import { Controller, Get, Inject, Post } from '@nestjs/common';
import { fields, streamIds } from '@specie/contracts';
import {
  accept,
  CommandHandler,
  type CommandContext,
  type HandleMany,
} from '@specie/event-sourcing';
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
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import type { z } from 'zod';
import { accountTerms, lotIdOf } from '../account-terms.js';
import {
  accountAggregate,
  receiveMint,
  type AccountEvent,
  type AccountTerms,
} from '../domain/account/index.js';
import {
  dayOf,
  mintTokens,
  openSeries,
  providerAggregate,
  type MintTokens,
  type ProviderEvent,
  type ProviderRejection,
} from '../domain/provider/index.js';
import { AccountsQuery } from '../projections/accounts/accounts.query.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import { requireParty } from './access.js';
import { decidedOnTheRows } from './decided-on-the-rows.js';
import {
  mintRequest,
  openSeriesRequest,
  seriesPage,
  seriesParams,
  seriesQuery,
  seriesResponse,
  toSeriesResponse,
} from './providers.dto.js';
import { constraintRejections, providerRejectionStatus } from './rejection-status.js';

type PlacedMintEvent =
  | { readonly stream: 'provider'; readonly event: ProviderEvent }
  | { readonly stream: 'treasury'; readonly event: AccountEvent };

const rejections = { ...providerRejectionStatus, not_your_series: 403 } as const;

const open = {
  summary: 'Open a series of tokens',
  description:
    'A series has one delivery window, its SKUs, a region, and says whether it may be transferred and traded. Nothing of it changes later.',
  roles: ['provider-admin'],
  body: openSeriesRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const mint = {
  summary: 'Mint tokens of a series within coverage, into the treasury of the provider',
  description:
    'Refused beyond attested capacity; the refusal names the interval of days and the largest mint that would succeed.',
  roles: ['provider-admin'],
  params: seriesParams,
  body: mintRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const list = {
  summary: 'List series',
  description: 'All, or those of one provider.',
  roles: 'authenticated',
  query: seriesQuery,
  response: seriesPage,
} as const;

const one = {
  summary: 'Show a series, with what was minted and burned',
  description: 'Its terms and how much of it is outstanding.',
  roles: 'authenticated',
  params: seriesParams,
  response: seriesResponse,
  rejections: { series_unknown: 404 },
} as const;

@Controller('series')
export class SeriesController {
  private readonly commands: CommandHandler;
  private readonly accounts: AccountsQuery;
  private readonly providers: ProvidersQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(AccountsQuery) accounts: AccountsQuery,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.accounts = accounts;
    this.providers = providers;
    this.eligibility = eligibility;
  }

  @Post()
  @Operation(open)
  async open(
    @Input() { body }: InputOf<typeof open>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const providerId = caller.partyId;
    const seriesId = body.seriesId ?? derivedId('series', context.commandId);
    const own = await this.eligibility.own(providerId, 'issue', context.now);
    const data = {
      ...body,
      seriesId,
      treasuryAccountId: accountTerms({ seriesId, providerId }, providerId).accountId,
      eligible: own.eligible,
    };
    const handled = await this.commands.handle({
      streamId: streamIds.provider(providerId),
      aggregate: providerAggregate,
      decide: (state) => openSeries({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: seriesId, streamVersion }),
      refusalDetails: own.refusalDetails,
    });
    return answerOf(handled, rejections, { constraints: constraintRejections });
  }

  @Post(':seriesId/mints')
  @Operation(mint)
  async mint(
    @Input() { params, body }: InputOf<typeof mint>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const series = await this.providers.oneSeries(params.seriesId);
    if (!series) throw new NotFound('series_unknown');
    const { seriesId, providerId } = series;
    requireParty(caller, providerId, 'not_your_series');
    const treasury = accountTerms(series, providerId);
    const mintId = body.mintId ?? derivedId('mint', context.commandId);
    const own = await this.eligibility.own(providerId, 'issue', context.now);
    const data = {
      ...{ seriesId, mintId, quantity: body.quantity },
      burned: await this.providers.burned(providerId, dayOf(context.now)),
      eligible: own.eligible,
    };
    const handled = await decidedOnTheRows('token_movements_once', async () => {
      const earlier = await this.accounts.earlier(treasury, 'mint', mintId);
      const command = { data: { ...data, earlier }, metadata: context };
      return this.runMint(command, treasury, { context, refusalDetails: own.refusalDetails });
    });
    return answerOf(handled, rejections);
  }

  @Get()
  @Operation(list)
  async list(@Input() { query }: InputOf<typeof list>): Promise<z.output<typeof seriesPage>> {
    const { cursor, limit, providerId } = query;
    const after = decodeCursor(cursor, fields.id);
    const filter = providerId === undefined ? {} : { providerId };
    const rows = await this.providers.series(filter, { after, rowCount: limit + 1 });
    const page = {
      limit,
      toItem: toSeriesResponse,
      after: (row: { seriesId: string }) => row.seriesId,
    };
    return pageFrom(rows, page) as z.output<typeof seriesPage>;
  }

  @Get(':seriesId')
  @Operation(one)
  async one(@Input() { params }: InputOf<typeof one>): Promise<z.output<typeof seriesResponse>> {
    const row = await this.providers.oneSeries(params.seriesId);
    if (!row) throw new NotFound('series_unknown');
    return toSeriesResponse(row);
  }

  /** The mint and what the treasury receives, in one append. */
  private runMint(
    command: MintTokens,
    treasury: AccountTerms,
    asked: Pick<HandleMany<unknown, never>, 'context' | 'refusalDetails'>,
  ) {
    const { mintId, quantity } = command.data;
    const lotId = lotIdOf('mint', treasury, mintId);
    const streams = {
      provider: { streamId: streamIds.provider(treasury.partyId), aggregate: providerAggregate },
      treasury: { streamId: streamIds.account(treasury.accountId), aggregate: accountAggregate },
    };
    return this.commands.handleMany<typeof streams, ProviderRejection>({
      streams,
      decide: (states) => {
        const minted = mintTokens(command, states.provider);
        if (minted.outcome === 'rejected') return minted;
        if (minted.events.length === 0) return accept<PlacedMintEvent>();
        const receipt = { data: { mintId, lotId, quantity, treasury } };
        return accept<PlacedMintEvent>(
          ...minted.events.map((event) => ({ stream: 'provider' as const, event })),
          ...receiveMint(receipt, states.treasury).events.map((event) => ({
            stream: 'treasury' as const,
            event,
          })),
        );
      },
      ...asked,
      answer: (versions) => ({
        id: mintId,
        streamVersion: versions.get(streams.provider.streamId) ?? 0,
      }),
    });
  }
}
