export * from './equity.js';
