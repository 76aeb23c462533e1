export * from './reconciliation-requested.js';
export * from './report-published.js';
export * from './state-attested.js';
