import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { meteringService } from './app.module.js';

await startService(meteringService);
