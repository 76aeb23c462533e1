import { MatchingCore } from '../src/index.js';
import type { EngineLimits, MatchingEngine } from '../src/types.js';
import { NaiveEngine } from './twin/naive-engine.js';

/** Both implementations of SPEC.md; every case runs on each. */
export interface Implementation {
  readonly name: string;
  readonly create: (limits: EngineLimits) => MatchingEngine;
}

export const fastEngine: Implementation = {
  name: 'engine',
  create: (limits) => new MatchingCore(limits),
};
export const naiveTwin: Implementation = {
  name: 'twin',
  create: (limits) => new NaiveEngine(limits),
};
export const implementations: readonly Implementation[] = [fastEngine, naiveTwin];
