import type { Provider } from '@nestjs/common';
import { postgresPartitionCount } from '@specie/event-bus';
import {
  defineSubject,
  PLATFORM_CONFIG,
  SERVICE_DEFINITION,
  type PlatformConfig,
  type ServiceDefinition,
} from '@specie/nest-platform';
import { EligibilityConsumer } from './eligibility.consumer.js';
import { EligibilityQuery } from './eligibility-query.js';
import { CountEligibilityChanges1732077100000 } from './count-eligibility-changes.migration.js';
import { CreateEligibility1731000000000 } from './create-eligibility.migration.js';
import { EligibilityDirectory } from './eligibility.js';
import { eligibilityTable, eligibilityVersionTable } from './eligibility.table.js';

const directory: Provider = {
  provide: EligibilityDirectory,
  useFactory: ({ name }: ServiceDefinition, { transport }: PlatformConfig) =>
    new EligibilityDirectory({
      consumer: name,
      partitionCount:
        transport.kind === 'kafka' ? transport.partitionCount : postgresPartitionCount,
    }),
  inject: [SERVICE_DEFINITION, PLATFORM_CONFIG],
};

/** Keeps a copy of what compliance allows each party, and provides `EligibilityDirectory` and `EligibilityQuery`. */
export const eligibilitySubject = defineSubject({
  name: 'eligibility',
  tables: [eligibilityTable, eligibilityVersionTable],
  migrations: [CreateEligibility1731000000000, CountEligibilityChanges1732077100000],
  consumers: [EligibilityConsumer],
  providers: [directory, EligibilityQuery],
});
