/** Amounts to place into bins; `mayUse` lists the bins of each amount. */
export interface PlacementProblem {
  readonly amounts: readonly bigint[];
  readonly capacities: readonly bigint[];
  readonly mayUse: readonly (readonly number[])[];
}

/**
 * Amounts that exceed all the bins they may use together (a violated Hall condition), or null when
 * everything can be placed. Exact: Goldberg and Tarjan's push-relabel, with amounts as the sources. An amount
 * or a bin passes what it has too much of one step down; who can pass nothing on rises until he can, and who
 * is higher than any path to free capacity is long keeps a surplus that fits nowhere.
 */
export function findUnplaced(problem: PlacementProblem): readonly number[] | null {
  return new Placement(problem).solve();
}

class Placement {
  private readonly binCount: number;
  /** Longest path to free capacity: every amount and every bin once. */
  private readonly heightMax: number;
  /** Nodes: the bins, then the amounts. */
  private readonly surplus: bigint[];
  private readonly height: number[];
  private readonly room: bigint[];
  /** Placed so far, by bin and amount. */
  private readonly placed: Map<number, bigint>[];
  private readonly active: number[] = [];

  constructor(private readonly problem: PlacementProblem) {
    const { amounts, capacities } = problem;
    this.binCount = capacities.length;
    this.heightMax = amounts.length + capacities.length;
    this.room = [...capacities];
    this.placed = capacities.map(() => new Map<number, bigint>());
    this.surplus = [...capacities.map(() => 0n), ...amounts];
    this.height = [...capacities.map(() => 1), ...amounts.map(() => 2)];
    amounts.forEach((amount, index) => {
      if (amount > 0n) {
        this.active.push(this.binCount + index);
      }
    });
  }

  solve(): readonly number[] | null {
    let stuck: number | null = null;
    for (let next = 0; next < this.active.length; next += 1) {
      const node = this.active[next] ?? 0;
      while (this.surplusOf(node) > 0n && this.heightOf(node) <= this.heightMax) {
        if (!(node < this.binCount ? this.emptyBin(node) : this.placeAmount(node))) {
          this.height[node] = this.lowestBelow(node) + 1;
        }
      }
      if (this.surplusOf(node) > 0n) {
        stuck ??= node;
      }
    }
    return stuck === null ? null : this.confinedWith(stuck);
  }

  /** Passes the surplus of a bin to its own room, or back to an amount that is lower. */
  private emptyBin(bin: number): boolean {
    const height = this.heightOf(bin);
    const room = this.room[bin] ?? 0n;
    if (height === 1 && room > 0n) {
      const moved = least(room, this.surplusOf(bin));
      this.room[bin] = room - moved;
      this.surplus[bin] = this.surplusOf(bin) - moved;
      return true;
    }
    for (const [amount, quantity] of this.placed[bin] ?? []) {
      if (quantity > 0n && this.heightOf(amount) === height - 1) {
        const moved = least(quantity, this.surplusOf(bin));
        this.placed[bin]?.set(amount, quantity - moved);
        this.move(bin, amount, moved);
        return true;
      }
    }
    return false;
  }

  private placeAmount(amount: number): boolean {
    const height = this.heightOf(amount);
    const bin = this.binsOf(amount).find((each) => this.heightOf(each) === height - 1);
    if (bin === undefined) {
      return false;
    }
    const moved = this.surplusOf(amount);
    const before = this.placed[bin]?.get(amount) ?? 0n;
    this.placed[bin]?.set(amount, before + moved);
    this.move(amount, bin, moved);
    return true;
  }

  private move(from: number, to: number, quantity: bigint): void {
    if (this.surplusOf(to) === 0n) {
      this.active.push(to);
    }
    this.surplus[from] = this.surplusOf(from) - quantity;
    this.surplus[to] = this.surplusOf(to) + quantity;
  }

  /** The height of the lowest neighbour that can take something. */
  private lowestBelow(node: number): number {
    const neighbours = node < this.binCount ? this.placedIn(node) : this.binsOf(node);
    const heights = neighbours.map((each) => this.heightOf(each));
    return Math.min(this.heightMax, ...heights, (this.room[node] ?? 0n) > 0n ? 0 : this.heightMax);
  }

  /** Every amount that shares full bins with `stuck`, directly or through others. */
  private confinedWith(stuck: number): readonly number[] {
    const seen = new Set([stuck]);
    for (const node of seen) {
      for (const each of node < this.binCount ? this.placedIn(node) : this.binsOf(node)) {
        seen.add(each);
      }
    }
    return [...seen]
      .filter((node) => node >= this.binCount)
      .map((node) => node - this.binCount)
      .sort((a, b) => a - b);
  }

  private placedIn(bin: number): readonly number[] {
    return [...(this.placed[bin] ?? [])].flatMap(([amount, quantity]) =>
      quantity > 0n ? [amount] : [],
    );
  }

  private binsOf(amount: number): readonly number[] {
    return this.problem.mayUse[amount - this.binCount] ?? [];
  }

  private surplusOf(node: number): bigint {
    return this.surplus[node] ?? 0n;
  }

  private heightOf(node: number): number {
    return this.height[node] ?? 0;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
