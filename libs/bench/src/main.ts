import { runAppend } from './append.bench.js';
import { describeMachine, type BenchReport, type Progress } from './bench.js';

/** Every bench by its name: add yours here. Loaded only when it runs. */
const benches: Readonly<
  Record<string, (options: { readonly progress: Progress }) => Promise<BenchReport>>
> = {
  append: runAppend,
  replay: async (options) => (await import('./replay.bench.js')).runReplay(options),
  loss: async (options) => (await import('./loss.bench.js')).runLoss(options),
  lag: async (options) => (await import('./lag.bench.js')).runLag(options),
  idle: async (options) => (await import('./idle.bench.js')).runIdle(options),
  rebuild: async (options) => (await import('./rebuild.bench.js')).runRebuild(options),
  matching: async (options) => (await import('./matching.bench.js')).runMatching(options),
  attack: async (options) => (await import('./attack.bench.js')).runAttack(options),
};

async function main(args: readonly string[]): Promise<number> {
  const asJson = args.includes('--json');
  const name = args.find((argument) => !argument.startsWith('--'));
  if (name === undefined || name === 'list') {
    process.stdout.write(`${Object.keys(benches).join('\n')}\n`);
    return name === 'list' ? 0 : 2;
  }
  const bench = benches[name];
  if (!bench) {
    process.stderr.write(`unknown bench "${name}"; known: ${Object.keys(benches).join(', ')}\n`);
    return 2;
  }
  const { results } = await bench({ progress: (line) => void process.stderr.write(`${line}\n`) });
  for (const { metric, ours, peer, peerName, ratio, unit } of results) {
    const against = peer === null ? '' : ` against ${peer} ${unit} of ${peerName}: ratio ${ratio}`;
    process.stdout.write(`${metric}: ${ours} ${unit}${against}\n`);
  }
  if (asJson) {
    process.stdout.write(
      `${JSON.stringify({ bench: name, machine: describeMachine(), results })}\n`,
    );
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
