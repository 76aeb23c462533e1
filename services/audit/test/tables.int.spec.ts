import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { auditService } from '../src/app.module.js';

describeTables(auditService, createTestDatabase);
