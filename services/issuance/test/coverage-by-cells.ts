import type { CoverageProblem } from '../src/coverage/coverage-model.js';

type Obligation = CoverageProblem['obligations'][number];

/**
 * Coverage as the definition has it: every series against every day and pool that it may draw on, one maximum flow by
 * shortest augmenting paths for the verdict and one more for each series. Slow and plain; a yardstick for the fast one.
 */
export function coverageByCells(problem: CoverageProblem): {
  readonly excess: bigint;
  readonly mintable: ReadonlyMap<string, bigint>;
} {
  const open = problem.obligations.filter(
    ({ fromDay, toDay }) => toDay >= problem.today && toDay >= fromDay,
  );
  const wanted = total(open);
  const excess = wanted - placed(problem, open);
  const capacity = problem.capacities.reduce(
    (sum, { fromDay, toDay, tokensPerDay }) => sum + BigInt(toDay - fromDay + 1) * tokensPerDay,
    0n,
  );
  const mintable = new Map<string, bigint>();
  for (const { seriesId } of problem.obligations) {
    const isOpen = open.some((each) => each.seriesId === seriesId);
    const grown = open.map((each) =>
      each.seriesId === seriesId ? { ...each, outstanding: each.outstanding + capacity } : each,
    );
    mintable.set(seriesId, isOpen && excess === 0n ? placed(problem, grown) - wanted : 0n);
  }
  return { excess, mintable };
}

function total(obligations: readonly Obligation[]): bigint {
  return obligations.reduce((sum, { outstanding }) => sum + outstanding, 0n);
}

/** How much of the obligations fits. */
function placed(
  { today, capacities }: CoverageProblem,
  obligations: readonly Obligation[],
): bigint {
  const residual = new Map<string, Map<string, bigint>>();
  const edge = (from: string, to: string, amount: bigint): void => {
    const change = (a: string, b: string, by: bigint) => {
      const out = residual.get(a) ?? new Map<string, bigint>();
      residual.set(a, out.set(b, (out.get(b) ?? 0n) + by));
    };
    change(from, to, amount);
    change(to, from, 0n);
  };
  for (const { seriesId, outstanding, pools, fromDay, toDay } of obligations) {
    edge('source', seriesId, outstanding);
    for (let day = Math.max(fromDay, today); day <= toDay; day += 1) {
      for (const pool of pools) edge(seriesId, `${pool}/${day}`, outstanding);
    }
  }
  for (const { pool, fromDay, toDay, tokensPerDay } of capacities) {
    for (let day = Math.max(fromDay, today); day <= toDay; day += 1) {
      edge(`${pool}/${day}`, 'sink', tokensPerDay);
    }
  }
  let flow = 0n;
  for (let path = pathIn(residual); path; path = pathIn(residual)) {
    const steps = path.slice(1).map((to, index) => [path?.[index] ?? '', to] as const);
    const room = steps.map(([from, to]) => residual.get(from)?.get(to) ?? 0n);
    const amount = room.reduce((least, each) => (each < least ? each : least));
    for (const [from, to] of steps) {
      residual.get(from)?.set(to, (residual.get(from)?.get(to) ?? 0n) - amount);
      residual.get(to)?.set(from, (residual.get(to)?.get(from) ?? 0n) + amount);
    }
    flow += amount;
  }
  return flow;
}

/** The shortest path from source to sink that takes more. */
function pathIn(residual: ReadonlyMap<string, ReadonlyMap<string, bigint>>): string[] | null {
  const cameFrom = new Map([['source', '']]);
  for (const node of cameFrom.keys()) {
    for (const [to, room] of residual.get(node) ?? []) {
      if (room > 0n && !cameFrom.has(to)) cameFrom.set(to, node);
    }
    if (cameFrom.has('sink')) break;
  }
  if (!cameFrom.has('sink')) return null;
  const path = ['sink'];
  while (path[0] !== 'source') path.unshift(cameFrom.get(path[0] ?? '') ?? '');
  return path;
}
