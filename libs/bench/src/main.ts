import { runScript, UsageError, type Given, type Script } from '@specie/workspace';
import { runAppend } from './append.bench.js';
import { describeMachine, type BenchReport, type Progress } from './bench.js';

interface Bench {
  readonly measures: string;
  readonly run: (options: { readonly progress: Progress }) => Promise<BenchReport>;
}

/** Every bench by its name: add yours here. Loaded only when it runs. */
const benches: Readonly<Record<string, Bench>> = {
  append: {
    measures: 'appends per second, against Emmett',
    run: runAppend,
  },
  replay: {
    measures: 'events read back per second, against Emmett',
    run: async (options) => (await import('./replay.bench.js')).runReplay(options),
  },
  loss: {
    measures: 'acknowledged appends that a killed database loses',
    run: async (options) => (await import('./loss.bench.js')).runLoss(options),
  },
  lag: {
    measures: 'from commit to effect in another service, stage by stage',
    run: async (options) => (await import('./lag.bench.js')).runLag(options),
  },
  idle: {
    measures: 'processor time of a platform without work, by process, on both transports',
    run: async (options) => (await import('./idle.bench.js')).runIdle(options),
  },
  rebuild: {
    measures: "the audit's rebuild, against a bare kafkajs consumer",
    run: async (options) => (await import('./rebuild.bench.js')).runRebuild(options),
  },
  reads: {
    measures: 'reads whose work grows with what their owner created',
    run: async (options) => (await import('./reads.bench.js')).runReads(options),
  },
  matching: {
    measures: 'orders per second of the matching core, against engines of npm',
    run: async (options) => (await import('./matching.bench.js')).runMatching(options),
  },
  orders: {
    measures: 'orders per second of the market over HTTP, and how often it asks for eligibility',
    run: async (options) => (await import('./orders.bench.js')).runOrders(options),
  },
  ingest: {
    measures: 'usage records per second over HTTP, in batches of 1,000',
    run: async (options) => (await import('./ingest.bench.js')).runIngest(options),
  },
  attack: {
    measures: 'what health and other callers notice of two attacks',
    run: async (options) => (await import('./attack.bench.js')).runAttack(options),
  },
};

const script = {
  command: 'npm run bench',
  summary: `Measures Specie, and a peer in the same run where there is one. ${Object.entries(
    benches,
  )
    .map(([name, { measures }]) => `${name}: ${measures}`)
    .join('; ')}.`,
  words: [{ name: 'NAME', help: `${Object.keys(benches).join(', ')}; or list` }],
  options: { json: { type: 'boolean', help: 'the last line is one JSON object' } },
} as const satisfies Script;

async function main({ words: [name], options }: Given<typeof script.options>): Promise<number> {
  if (name === 'list') {
    const lines = Object.entries(benches).map(
      ([key, { measures }]) => `${key.padEnd(10)}${measures}`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  }
  const bench = name === undefined ? undefined : benches[name];
  if (!bench) {
    throw new UsageError(name === undefined ? 'name a bench' : `there is no bench '${name}'`);
  }
  const { results } = await bench.run({
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
  for (const { metric, ours, peer, peerName, ratio, unit } of results) {
    const against = peer === null ? '' : ` against ${peer} ${unit} of ${peerName}: ratio ${ratio}`;
    process.stdout.write(`${metric}: ${ours} ${unit}${against}\n`);
  }
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ bench: name, machine: describeMachine(), results })}\n`,
    );
  }
  return 0;
}

await runScript(script, main);
