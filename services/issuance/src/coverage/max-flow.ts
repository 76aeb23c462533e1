/**
 * Maximum flow by Dinic's algorithm, with exact bigint capacities. Edges live in parallel arrays; edge
 * `e ^ 1` is the reverse of edge `e`.
 */
export class FlowNetwork {
  private readonly nodeCount: number;
  private readonly heads: number[] = [];
  private readonly residuals: bigint[] = [];
  private built: Adjacency | null = null;
  /** What a probe pushed over which edge, to be taken back. */
  private probed: { readonly edge: number; readonly amount: bigint }[] | null = null;

  constructor(nodeCount: number) {
    this.nodeCount = nodeCount;
  }

  addEdge(from: number, to: number, capacity: bigint): void {
    this.heads.push(to, from);
    this.residuals.push(capacity, 0n);
    this.built = null;
  }

  /** Sends as much as still fits, at most `limit`, and keeps it. */
  maxFlow(source: number, sink: number, limit: bigint): bigint {
    let total = 0n;
    while (total < limit) {
      const levels = this.levelsFrom(source, sink);
      if (levels[sink] === unreached) {
        break;
      }
      total += this.blockingFlow({ source, sink, limit: limit - total, levels });
    }
    return total;
  }

  /** How much would still fit, at most `limit`; the flow stays as it is. */
  spare(source: number, sink: number, limit: bigint): bigint {
    const pushes: { readonly edge: number; readonly amount: bigint }[] = [];
    this.probed = pushes;
    const total = this.maxFlow(source, sink, limit);
    this.probed = null;
    for (const { edge, amount } of pushes) {
      this.change(edge, -amount);
    }
    return total;
  }

  /** After `maxFlow`: the source side of the minimum cut that is smallest by inclusion. */
  sourceSide(source: number): ReadonlySet<number> {
    const side = new Set<number>();
    this.levelsFrom(source, null).forEach((level, node) => {
      if (level !== unreached) {
        side.add(node);
      }
    });
    return side;
  }

  /** Distances over edges that take more; no further than to `sink`, if one is given. */
  private levelsFrom(source: number, sink: number | null): Int32Array {
    const { firstOf, edges, heads, takesMore } = this.adjacency();
    const levels = new Int32Array(this.nodeCount).fill(unreached);
    const queue = new Int32Array(this.nodeCount);
    levels[source] = 0;
    queue[0] = source;
    let queued = 1;
    for (let index = 0; index < queued; index += 1) {
      if (sink !== null && levels[sink] !== unreached) {
        break;
      }
      const node = queue[index] as number;
      const nextLevel = (levels[node] as number) + 1;
      const end = firstOf[node + 1] as number;
      for (let at = firstOf[node] as number; at < end; at += 1) {
        const edge = edges[at] as number;
        const to = heads[edge] as number;
        if (takesMore[edge] === 1 && levels[to] === unreached) {
          levels[to] = nextLevel;
          queue[queued] = to;
          queued += 1;
        }
      }
    }
    return levels;
  }

  /**
   * Fills the paths of rising levels. Depth first without recursion, since paths grow with the network: a visit
   * takes what its node may pass on and hands back what the sink received.
   */
  private blockingFlow(step: {
    readonly source: number;
    readonly sink: number;
    readonly limit: bigint;
    readonly levels: Int32Array;
  }): bigint {
    const { edges, firstOf } = this.adjacency();
    const { source, sink, levels } = step;
    const next = firstOf.slice();
    let visit: Visit = { node: source, wanted: step.limit, passed: 0n, from: null };
    for (;;) {
      const child = visit.passed < visit.wanted ? this.childOf(visit, sink, levels, next) : null;
      if (child) {
        visit = child;
        continue;
      }
      const { from, passed } = visit;
      if (!from) {
        return passed;
      }
      if (passed > 0n) {
        const edge = edges[next[from.node] as number] as number;
        this.change(edge, passed);
        this.probed?.push({ edge, amount: passed });
        from.passed += passed;
      }
      if (from.passed < from.wanted) {
        next[from.node] = (next[from.node] as number) + 1;
      }
      visit = from;
    }
  }

  private childOf(visit: Visit, sink: number, levels: Int32Array, next: Int32Array): Visit | null {
    const { firstOf, edges, heads, takesMore } = this.adjacency();
    const { node, wanted, passed } = visit;
    const nextLevel = (levels[node] as number) + 1;
    const end = firstOf[node + 1] as number;
    for (let at = next[node] as number; at < end; at += 1) {
      const edge = edges[at] as number;
      const to = heads[edge] as number;
      if (levels[to] === nextLevel && takesMore[edge] === 1) {
        next[node] = at;
        const residual = this.residuals[edge] ?? 0n;
        const left = wanted - passed;
        const most = residual < left ? residual : left;
        return { node: to, wanted: most, passed: to === sink ? most : 0n, from: visit };
      }
    }
    next[node] = end;
    return null;
  }

  private change(edge: number, amount: bigint): void {
    const { takesMore } = this.adjacency();
    const there = (this.residuals[edge] ?? 0n) - amount;
    const back = (this.residuals[edge ^ 1] ?? 0n) + amount;
    this.residuals[edge] = there;
    this.residuals[edge ^ 1] = back;
    takesMore[edge] = there > 0n ? 1 : 0;
    takesMore[edge ^ 1] = back > 0n ? 1 : 0;
  }

  private adjacency(): Adjacency {
    this.built ??= adjacencyOf(this.nodeCount, this.heads, this.residuals);
    return this.built;
  }
}

const unreached = -1;

/** A node that flow has reached, and where it came from. */
interface Visit {
  readonly node: number;
  readonly wanted: bigint;
  passed: bigint;
  readonly from: Visit | null;
}

/** The edges of node n are `edges[firstOf[n]]` up to, without, `edges[firstOf[n + 1]]`. */
interface Adjacency {
  readonly firstOf: Int32Array;
  readonly edges: Int32Array;
  readonly heads: Int32Array;
  /** By edge: 1 while its residual is positive. Searching reads only this. */
  readonly takesMore: Uint8Array;
}

function adjacencyOf(
  nodeCount: number,
  heads: readonly number[],
  residuals: readonly bigint[],
): Adjacency {
  const firstOf = new Int32Array(nodeCount + 1);
  const tailOf = (edge: number): number => heads[edge ^ 1] ?? 0;
  heads.forEach((_, edge) => {
    firstOf[tailOf(edge) + 1] = (firstOf[tailOf(edge) + 1] as number) + 1;
  });
  for (let node = 0; node < nodeCount; node += 1) {
    firstOf[node + 1] = (firstOf[node + 1] as number) + (firstOf[node] as number);
  }
  const edges = new Int32Array(heads.length);
  const filled = firstOf.slice();
  heads.forEach((_, edge) => {
    const at = filled[tailOf(edge)] as number;
    edges[at] = edge;
    filled[tailOf(edge)] = at + 1;
  });
  return {
    firstOf,
    edges,
    heads: Int32Array.from(heads),
    takesMore: Uint8Array.from(residuals, (residual) => (residual > 0n ? 1 : 0)),
  };
}
