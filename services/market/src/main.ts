import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { marketService } from './app.module.js';

await startService(marketService);
