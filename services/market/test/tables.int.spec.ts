import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { marketService } from '../src/app.module.js';

describeTables(marketService, createTestDatabase);
