import { play } from './played.js';

/** `node child.ts <seed> <commands>` plays a seed in a process of its own. */
const [seed, length] = process.argv.slice(2).map(Number);
process.stdout.write(JSON.stringify(play(seed ?? 0, length ?? 0)));
