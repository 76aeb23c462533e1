import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { meteringService } from '../src/app.module.js';

describeTables(meteringService, createTestDatabase);
