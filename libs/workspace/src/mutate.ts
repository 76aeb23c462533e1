import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runScript, type Given, type Script } from './command-line.js';
import { deciderMutations } from './decider-mutations.js';
import { foldMutations } from './fold-mutations.js';
import type { Mutation } from './mutation.js';
import { copyRepository } from './repository-copy.js';
import { repositoryRoot } from './repository.js';

const script = {
  command: 'npm run mutate',
  summary:
    'Plants every fault of the list, one at a time, in a copy of the repository and runs the specs that should notice. Ends with the score; fails when a fault that is not explained survives, or an explained one does not.',
  options: {
    only: { type: 'string', value: 'TEXT', help: 'only faults whose name contains TEXT' },
    json: { type: 'boolean', help: 'the last line is one JSON object' },
  },
} as const satisfies Script;

interface Verdict {
  readonly mutation: Mutation;
  readonly isKilled: boolean;
  readonly seconds: number;
}

const workerCount = 2;
const timeoutMs = 120_000;

async function main({ options }: Given<typeof script.options>): Promise<number> {
  const { only = '' } = options;
  const chosen = [...deciderMutations, ...foldMutations].filter(({ name }) => name.includes(only));
  const started = performance.now();
  const copies = Array.from({ length: workerCount }, () => copyRepository('specie-mutate-'));
  try {
    const broken = await failingBaselines(copies[0] ?? '', chosen);
    if (broken.length > 0) {
      say(`these specs fail without any fault: ${broken.join(', ')}`);
      return 1;
    }
    const verdicts: Verdict[] = [];
    const waiting = [...chosen];
    await Promise.all(
      copies.map(async (copy) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const verdict = await tryMutation(copy, next);
          verdicts.push(verdict);
          const told = verdict.isKilled ? 'killed  ' : 'SURVIVED';
          say(`${told} ${verdict.seconds.toFixed(1).padStart(5)} s  ${next.name}`);
        }
      }),
    );
    return report(verdicts, {
      seconds: (performance.now() - started) / 1_000,
      asJson: options.json,
    });
  } finally {
    copies.forEach((copy) => rmSync(copy, { recursive: true, force: true }));
  }
}

function report(
  verdicts: readonly Verdict[],
  { seconds, asJson }: { readonly seconds: number; readonly asJson: boolean },
): number {
  const survivors = verdicts.filter(({ isKilled }) => !isKilled).map(({ mutation }) => mutation);
  const unexplained = survivors.filter(({ survives }) => survives === undefined);
  const stale = verdicts
    .filter(({ isKilled, mutation }) => isKilled && mutation.survives !== undefined)
    .map(({ mutation }) => mutation);
  const killed = verdicts.length - survivors.length;
  const score = verdicts.length === 0 ? 0 : (killed * 100) / verdicts.length;
  for (const { name, survives } of survivors) {
    say(`survivor: ${name}: ${survives ?? 'NOT EXPLAINED'}`);
  }
  for (const { name } of stale) {
    say(`killed, though the list explains why it survives: ${name}`);
  }
  say(`score ${killed} of ${verdicts.length} (${score.toFixed(1)} %) in ${seconds.toFixed(0)} s`);
  if (asJson) {
    const names = (list: readonly Mutation[]): readonly string[] => list.map(({ name }) => name);
    const summary = { killed, total: verdicts.length, survivors: names(survivors) };
    say(JSON.stringify({ ...summary, unexplained: names(unexplained), stale: names(stale) }));
  }
  return unexplained.length + stale.length === 0 ? 0 : 1;
}

async function failingBaselines(
  copy: string,
  chosen: readonly Mutation[],
): Promise<readonly string[]> {
  const runs = new Map(chosen.map((each) => [`${each.project} ${each.specs.join(' ')}`, each]));
  const failing: string[] = [];
  for (const [name, mutation] of runs) {
    if (!(await specsPass(copy, mutation))) {
      failing.push(name);
    }
  }
  return failing;
}

async function tryMutation(copy: string, mutation: Mutation): Promise<Verdict> {
  const path = join(copy, mutation.project, mutation.file);
  const source = readFileSync(path, 'utf8');
  const started = performance.now();
  writeFileSync(path, plant(source, mutation));
  try {
    const isKilled = !(await specsPass(copy, mutation));
    return { mutation, isKilled, seconds: (performance.now() - started) / 1_000 };
  } finally {
    writeFileSync(path, source);
  }
}

function plant(source: string, { search, replace, name }: Mutation): string {
  const parts = source.split(search);
  if (parts.length !== 2) {
    throw new Error(`"${name}": its snippet occurs ${parts.length - 1} times, not once`);
  }
  return parts.join(replace);
}

/** Runs the specs of one project without the databases and brokers of the whole suite. */
function specsPass(copy: string, { project, specs }: Mutation): Promise<boolean> {
  const vitest = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');
  const root = join(copy, project);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--root', root, '--bail', '1', ...specs],
      { cwd: root, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (error) => resolve(error === null),
    );
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runScript(script, main);
