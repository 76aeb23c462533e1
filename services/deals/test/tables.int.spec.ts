import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { dealsService } from '../src/app.module.js';

describeTables(dealsService, createTestDatabase);
