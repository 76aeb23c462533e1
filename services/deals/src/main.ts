import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { dealsService } from './app.module.js';

await startService(dealsService);
