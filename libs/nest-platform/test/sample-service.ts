import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import {
  fields,
  named,
  streamIds,
  type CompanyRegistered,
  type PartyRegistered,
  type ShareClassAuthorised,
} from '@specie/contracts';
import {
  accept,
  assertNever,
  CommandHandler,
  reject,
  type Aggregate,
  type CommandContext,
  type Decision,
} from '@specie/event-sourcing';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { attestationSubject } from '@specie/attestation';
import { EligibilityDirectory, eligibilitySubject } from '@specie/eligibility';
import {
  answerOf,
  chosenId,
  Caller,
  Command,
  Ctx,
  decodeCursor,
  defineService,
  defineSubject,
  derivedId,
  type EventContext,
  EventPattern,
  Forbidden,
  Input,
  NotFound,
  Operation,
  pageFrom,
  pageOf,
  pageQuery,
  Payload,
  PoisonEventError,
  requireSettled,
  streamVersion,
  withEtag,
  writeResponse,
  type CallerIdentity,
  type HttpResponse,
  type InputOf,
  type RefusalTexts,
  type ServiceDefinition,
  type Subject,
  type WriteResponse,
} from '../src/index.js';
import {
  companiesProjection,
  CompanyEntity,
  CreateCompanies1732000000000,
  othersIgnored,
  type CompanyRow,
} from './sample-companies.js';

type CompanyEvent = CompanyRegistered | ShareClassAuthorised;
type Company =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'registered';
      readonly partyId: string;
      readonly classIds: readonly string[];
    };

const company: Aggregate<Company, CompanyEvent> = {
  initialState: () => ({ status: 'unknown' }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'deals.company-registered':
        return { status: 'registered', partyId: event.data.partyId, classIds: [] };
      case 'deals.share-class-authorised':
        return state.status === 'registered'
          ? { ...state, classIds: [...state.classIds, event.data.classId] }
          : state;
      default:
        return assertNever(event);
    }
  },
};

type Rejection = 'company_exists' | 'company_unknown' | 'party_ineligible' | 'class_exists';
const rejectionStatus = {
  company_exists: 409,
  company_unknown: 404,
  party_ineligible: 403,
  class_exists: 409,
} satisfies Record<Rejection, number>;

const refusals = {
  company_exists: ['The companyId names another company; send a new id, or none.'],
  company_unknown: ['There is no company with this id; register it first.'],
  party_ineligible: ['Only a party that compliance approved for deals may do this.'],
  class_exists: ['The company has a class with this id; send a new one.'],
  not_your_company: ['Only the party that registered the company may do this.'],
} satisfies RefusalTexts;

function register(
  data: CompanyRegistered['data'],
  state: Company,
): Decision<CompanyEvent, Rejection> {
  return state.status === 'unknown'
    ? accept({ type: 'deals.company-registered', data })
    : reject('company_exists');
}

function authorise(
  data: ShareClassAuthorised['data'],
  state: Company,
): Decision<CompanyEvent, Rejection> {
  if (state.status === 'unknown') return reject('company_unknown');
  if (state.classIds.includes(data.classId)) return reject('class_exists');
  return accept({ type: 'deals.share-class-authorised', data });
}

const companyParams = z.strictObject({ companyId: named.companyId });
const registerInput = {
  body: z.strictObject({
    companyId: chosenId(named.companyId),
    directorPartyIds: named.directorPartyIds,
  }),
};
const authoriseInput = {
  params: companyParams,
  body: z.strictObject({
    classId: named.classId,
    kind: named.shareClassKind,
    authorised: named.authorised,
  }),
};
const companyResponse = z.strictObject({
  companyId: named.companyId,
  partyId: named.partyId,
  classCount: fields.count.meta({ description: 'How many classes of shares.' }),
  streamVersion,
});

/** Lets a test hold a request in the middle of its work. */
export class Gate {
  private waiting: (() => void)[] = [];
  closed = false;
  arrivedCount = 0;

  async pass(): Promise<void> {
    this.arrivedCount += 1;
    if (this.closed) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  open(): void {
    this.closed = false;
    this.waiting.splice(0).forEach((resolve) => resolve());
  }
}

@Controller('companies')
class CompaniesController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(EligibilityDirectory) private readonly eligibility: EligibilityDirectory,
    @Inject(Gate) private readonly gate: Gate,
  ) {}

  @Post()
  @Operation({
    summary: 'Register a company',
    description: "Its party is the caller's.",
    roles: ['founder'],
    ...registerInput,
    response: writeResponse,
    rejections: rejectionStatus,
    bodyBytesMax: 4_096,
  })
  async register(
    @Input() { body }: InputOf<typeof registerInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    await this.gate.pass();
    const companyId = body.companyId ?? derivedId('company', context.commandId);
    const { directorPartyIds } = body;
    const handled = await this.commands.handle<Company, CompanyEvent, Rejection>({
      streamId: streamIds.company(companyId),
      aggregate: company,
      decide: (state) => register({ companyId, partyId: caller.partyId, directorPartyIds }, state),
      context,
      answer: (streamVersion) => ({ id: companyId, streamVersion }),
    });
    return answerOf(handled, rejectionStatus);
  }

  @Post(':companyId/share-classes')
  @Operation({
    summary: 'Authorise a share class',
    description: 'Only for the party of the company.',
    roles: ['founder'],
    ...authoriseInput,
    response: writeResponse,
    rejections: rejectionStatus,
  })
  async authorise(
    @Input() { params, body }: InputOf<typeof authoriseInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const row = await this.dataSource.getRepository(CompanyEntity).findOneBy(params);
    if (!row) throw new NotFound('company_unknown');
    if (row.partyId !== caller.partyId) throw new Forbidden('not_your_company');
    const allowed = await this.eligibility.check(
      this.dataSource,
      caller.partyId,
      'deal',
      context.now,
    );
    if (allowed !== 'eligible') throw new Forbidden(allowed);
    const handled = await this.commands.handle<Company, CompanyEvent, Rejection>({
      streamId: streamIds.company(params.companyId),
      aggregate: company,
      decide: (state) => authorise({ ...params, ...body }, state),
      context,
      answer: (streamVersion) => ({ id: body.classId, streamVersion }),
    });
    return answerOf(handled, rejectionStatus);
  }

  @Get()
  @Operation({
    summary: 'List companies',
    description: 'In the order of their ids.',
    roles: ['founder', 'auditor'],
    query: pageQuery,
    response: pageOf(companyResponse),
  })
  async list(@Input() { query }: { readonly query: z.output<typeof pageQuery> }) {
    const after = decodeCursor(query.cursor, z.strictObject({ companyId: z.uuid() }));
    const rows = await this.dataSource
      .getRepository(CompanyEntity)
      .createQueryBuilder('company')
      .where('company.companyId > :after', {
        after: after?.companyId ?? '00000000-0000-0000-0000-000000000000',
      })
      .orderBy('company.companyId')
      .take(query.limit + 1)
      .getMany();
    return pageFrom(rows, {
      limit: query.limit,
      toItem: (row) => ({ ...row }),
      after: ({ companyId }) => ({ companyId }),
    });
  }

  @Get(':companyId')
  @Operation({
    summary: 'One company',
    description: 'With its version.',
    roles: 'authenticated',
    params: companyParams,
    response: companyResponse,
    rejections: { company_unknown: 404 },
  })
  one(
    @Input() { params }: { readonly params: z.output<typeof companyParams> },
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<CompanyRow> {
    return withEtag(response, this.company(params.companyId));
  }

  private async company(companyId: string): Promise<CompanyRow> {
    const row = await this.dataSource.getRepository(CompanyEntity).findOneBy({ companyId });
    if (!row) throw new NotFound('company_unknown');
    return { ...row };
  }
}

/** What a test breaks: a party cannot be handled, or the commands that answer it end otherwise than accepted. */
export const broken: { isPoison: boolean; outcomes: ('contended' | 'fenced')[] } = {
  isPoison: false,
  outcomes: [],
};

@Controller()
class PartiesConsumer {
  @EventPattern('compliance.party-registered')
  async onRegistered(
    @Payload() event: PartyRegistered,
    @Ctx() context: EventContext,
  ): Promise<void> {
    if (broken.isPoison) throw new PoisonEventError('cannot be handled');
    const outcome = broken.outcomes.shift();
    if (outcome) requireSettled({ outcome });
    await context.effect(async (manager) => {
      await manager.query(
        `insert into parties_seen values ($1, 1)
         on conflict (party_id) do update set seen_count = parties_seen.seen_count + 1`,
        [event.data.partyId],
      );
    });
  }
}

/** A small service that uses every part of the platform. */
export function sampleService(
  options: Partial<
    Pick<ServiceDefinition, 'singleWriter'> & Pick<Subject, 'sweeps' | 'onBecomeWriter'>
  > & {
    readonly gate?: Gate;
  } = {},
): ServiceDefinition {
  const { gate = new Gate(), singleWriter = false, ...rest } = options;
  const companies = defineSubject({
    name: 'companies',
    tables: [{ entity: CompanyEntity }],
    migrations: [CreateCompanies1732000000000],
    projections: [companiesProjection, othersIgnored],
    attested: [
      {
        name: 'companies',
        read: async (manager) =>
          (await manager.getRepository(CompanyEntity).find()).map(
            ({ companyId, partyId, classCount }) => [companyId, { partyId, classCount }],
          ),
      },
    ],
    refusals,
    tags: { companies: 'Companies and their classes of shares.' },
    controllers: [CompaniesController],
    consumers: [PartiesConsumer],
    providers: [{ provide: Gate, useValue: gate }],
    ...rest,
  });
  return defineService({
    name: 'deals',
    port: 7103,
    api: { description: 'A sample of a service.' },
    singleWriter,
    subjects: [companies, eligibilitySubject, attestationSubject],
  });
}
