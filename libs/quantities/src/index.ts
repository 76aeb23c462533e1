export * from './h100e-weights.js';
export * from './integer.js';
export * from './quantities.js';
