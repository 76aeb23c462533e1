export * from './input-discarded.js';
export * from './redemption-requested.js';
export * from './reservation-closed.js';
export * from './reservation-confirmed.js';
export * from './reservation-refused.js';
export * from './slice-captured.js';
export * from './state-attested.js';
export * from './usage-charged.js';
