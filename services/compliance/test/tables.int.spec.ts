import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { complianceService } from '../src/app.module.js';

describeTables(complianceService, createTestDatabase);
