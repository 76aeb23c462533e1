import { defineSubject } from '@specie/nest-platform';
import { CoverageQuery } from './coverage.query.js';

/** Whether what a provider promised covers what is issued against it. */
export const coverageSubject = defineSubject({ name: 'coverage', providers: [CoverageQuery] });
