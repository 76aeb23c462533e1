export * from './input-discarded.js';
export * from './reconciliation-requested.js';
export * from './report-published.js';
export * from './state-attested.js';
