import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { auditService } from './app.module.js';

await startService(auditService);
