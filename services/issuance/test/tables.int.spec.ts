import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { issuanceService } from '../src/app.module.js';

describeTables(issuanceService, createTestDatabase);
