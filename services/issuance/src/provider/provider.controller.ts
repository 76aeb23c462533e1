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
import {
  providerParams,
  providerResponse,
  providersPage,
  registerProviderRequest,
} from './provider.dto.js';
import { ProviderQuery } from './provider.query.js';
import { providerRejectionStatus } from './provider.refusals.js';
import { RegisterProviderHandler } from './register-provider.handler.js';

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

@Controller('providers')
export class ProvidersController {
  constructor(
    @Inject(RegisterProviderHandler) private readonly registerProvider: RegisterProviderHandler,
    @Inject(ProviderQuery) private readonly providers: ProviderQuery,
  ) {}

  @Post()
  @Operation(register)
  register(@Input() { body }: InputOf<typeof register>, @Command() context: CommandContext) {
    return answerOf(this.registerProvider.handle(body, context), providerRejectionStatus);
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>) {
    return this.providers.list(query);
  }

  @Get(':providerId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>) {
    return this.providers.one(params.providerId);
  }
}
