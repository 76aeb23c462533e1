import { MatchingCore } from '../../src/index.js';
import type { Command } from '../../src/types.js';
import { CommandGenerator } from '../simulation/generator.js';

/** Everything an engine puts out for a seed, byte by byte. */
export interface Played {
  readonly events: string;
  readonly snapshot: string;
  readonly hash: string;
}

export function play(seed: number, length: number): Played {
  const generator = new CommandGenerator(seed);
  const engine = new MatchingCore(generator.limits);
  const events: Uint8Array[] = [];
  const apply = (command: Command): void => {
    engine.apply(command);
    const { values } = engine.events;
    events.push(new Uint8Array(values.slice(0, engine.events.length).buffer));
  };
  generator.opening().forEach(apply);
  for (let i = 0; i < length; i++) apply(generator.next(engine.stateView()));
  return {
    events: Buffer.concat(events).toString('base64'),
    snapshot: Buffer.from(engine.snapshot()).toString('base64'),
    hash: engine.stateHash(),
  };
}
