/** The public vocabulary: commands, events, configuration, limits and the view of the state. SPEC.md gives the meaning. */
export type * from './command-types.js';
export type * from './event-types.js';
export type * from './state-types.js';
