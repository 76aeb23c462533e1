import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { complianceService } from './app.module.js';

await startService(complianceService);
