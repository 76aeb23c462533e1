/**
 * Maximum flow by Dinic's algorithm, with exact bigint capacities. Edges live in parallel arrays; edge
 * `e ^ 1` is the reverse of edge `e`.
 */
export class FlowNetwork {
  private readonly heads: number[] = [];
  private readonly residuals: bigint[] = [];
  private readonly edgesOf: number[][];

  constructor(nodeCount: number) {
    this.edgesOf = Array.from({ length: nodeCount }, () => []);
  }

  addEdge(from: number, to: number, capacity: bigint): void {
    this.edgesOf[from]?.push(this.heads.length);
    this.heads.push(to);
    this.residuals.push(capacity);
    this.edgesOf[to]?.push(this.heads.length);
    this.heads.push(from);
    this.residuals.push(0n);
  }

  maxFlow(source: number, sink: number): bigint {
    let total = 0n;
    for (;;) {
      const levels = this.levelsFrom(source);
      if ((levels[sink] ?? -1) < 0) {
        return total;
      }
      const nextEdge = new Array<number>(this.edgesOf.length).fill(0);
      for (;;) {
        const pushed = this.push({ node: source, sink, limit: null, levels, nextEdge });
        if (pushed === 0n) {
          break;
        }
        total += pushed;
      }
    }
  }

  /** After `maxFlow`: the source side of the minimum cut that is smallest by inclusion. */
  sourceSide(source: number): ReadonlySet<number> {
    const side = new Set<number>();
    this.levelsFrom(source).forEach((level, node) => {
      if (level >= 0) {
        side.add(node);
      }
    });
    return side;
  }

  private levelsFrom(source: number): number[] {
    const levels = new Array<number>(this.edgesOf.length).fill(-1);
    levels[source] = 0;
    const queue = [source];
    for (let index = 0; index < queue.length; index += 1) {
      const node = queue[index] ?? source;
      for (const edge of this.edgesOf[node] ?? []) {
        const to = this.heads[edge] ?? source;
        if ((this.residuals[edge] ?? 0n) > 0n && (levels[to] ?? -1) < 0) {
          levels[to] = (levels[node] ?? 0) + 1;
          queue.push(to);
        }
      }
    }
    return levels;
  }

  /** Sends flow along one path of rising levels; `limit` null means "as much as fits". */
  private push(step: {
    readonly node: number;
    readonly sink: number;
    readonly limit: bigint | null;
    readonly levels: readonly number[];
    readonly nextEdge: number[];
  }): bigint {
    const { node, sink, limit, levels, nextEdge } = step;
    if (node === sink) {
      return limit ?? 0n;
    }
    const edges = this.edgesOf[node] ?? [];
    for (let index = nextEdge[node] ?? 0; index < edges.length; index += 1) {
      nextEdge[node] = index;
      const edge = edges[index] ?? 0;
      const to = this.heads[edge] ?? sink;
      const residual = this.residuals[edge] ?? 0n;
      if (residual > 0n && levels[to] === (levels[node] ?? 0) + 1) {
        const narrowest = limit === null || residual < limit ? residual : limit;
        const pushed = this.push({ ...step, node: to, limit: narrowest });
        if (pushed > 0n) {
          this.residuals[edge] = residual - pushed;
          this.residuals[edge ^ 1] = (this.residuals[edge ^ 1] ?? 0n) + pushed;
          return pushed;
        }
      }
    }
    nextEdge[node] = edges.length;
    return 0n;
  }
}
