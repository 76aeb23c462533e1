import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { issuanceService } from './app.module.js';

await startService(issuanceService);
