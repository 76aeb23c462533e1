/**
 * A row of slacks that changes from some place on, and its minima from any place on: now, and ever. A segment tree
 * with pending additions, so that each call takes the logarithm of the row's length.
 */
export class SlackTree {
  private readonly length: number;
  private readonly lowest: bigint[];
  private readonly lowestEver: bigint[];
  /** Additions that the children have not seen: their sum, and the lowest sum on the way to it. */
  private readonly pending: bigint[];
  private readonly pendingLowest: bigint[];

  constructor(slacks: readonly bigint[]) {
    this.length = slacks.length;
    const nodeCount = 4 * Math.max(this.length, 1);
    this.lowest = new Array<bigint>(nodeCount).fill(0n);
    this.pending = new Array<bigint>(nodeCount).fill(0n);
    this.pendingLowest = new Array<bigint>(nodeCount).fill(0n);
    this.build(root, 0, this.length - 1, slacks);
    this.lowestEver = [...this.lowest];
  }

  /** Adds to every slack at `from` and behind it. */
  addFrom(from: number, amount: bigint): void {
    if (from < this.length) {
      this.add(root, 0, this.length - 1, from, amount);
    }
  }

  /** The place of the lowest slack at `from` or behind it, the first one of equals, and the slack. */
  lowestFrom(from: number): { readonly place: number; readonly slack: bigint } {
    let best = { place: from, slack: 0n };
    let isFirst = true;
    this.visit(from, (node, first, last) => {
      if (isFirst || this.at(this.lowest, node) < best.slack) {
        best = { place: this.placeOf(node, first, last), slack: this.at(this.lowest, node) };
        isFirst = false;
      }
    });
    return best;
  }

  /** The lowest that any slack at `from` or behind it ever was. */
  lowestEverFrom(from: number): bigint {
    let best: bigint | null = null;
    this.visit(from, (node) => {
      best = lower(best, this.at(this.lowestEver, node));
    });
    return best ?? 0n;
  }

  private build(node: number, first: number, last: number, slacks: readonly bigint[]): void {
    if (first >= last) {
      this.lowest[node] = slacks[first] ?? 0n;
      return;
    }
    const middle = (first + last) >> 1;
    this.build(2 * node, first, middle, slacks);
    this.build(2 * node + 1, middle + 1, last, slacks);
    this.lowest[node] = lower(this.at(this.lowest, 2 * node), this.at(this.lowest, 2 * node + 1));
  }

  private add(node: number, first: number, last: number, from: number, amount: bigint): void {
    if (from <= first) {
      this.apply(node, amount, amount);
      return;
    }
    this.settle(node);
    const middle = (first + last) >> 1;
    if (from <= middle) {
      this.add(2 * node, first, middle, from, amount);
    }
    this.add(2 * node + 1, middle + 1, last, from, amount);
    this.lowest[node] = lower(this.at(this.lowest, 2 * node), this.at(this.lowest, 2 * node + 1));
    this.lowestEver[node] = lower(
      this.at(this.lowestEver, 2 * node),
      this.at(this.lowestEver, 2 * node + 1),
    );
  }

  private apply(node: number, amount: bigint, lowestOnTheWay: bigint): void {
    const [lowest, pending] = [this.at(this.lowest, node), this.at(this.pending, node)];
    this.lowestEver[node] = lower(this.at(this.lowestEver, node), lowest + lowestOnTheWay);
    this.pendingLowest[node] = lower(this.at(this.pendingLowest, node), pending + lowestOnTheWay);
    this.lowest[node] = lowest + amount;
    this.pending[node] = pending + amount;
  }

  /** Hands what is pending to the children. */
  private settle(node: number): void {
    const amount = this.at(this.pending, node);
    const lowestOnTheWay = this.at(this.pendingLowest, node);
    if (amount !== 0n || lowestOnTheWay !== 0n) {
      this.apply(2 * node, amount, lowestOnTheWay);
      this.apply(2 * node + 1, amount, lowestOnTheWay);
      this.pending[node] = 0n;
      this.pendingLowest[node] = 0n;
    }
  }

  /** Calls `see` with the nodes that make up the row from `from` on, in order. */
  private visit(
    from: number,
    see: (node: number, first: number, last: number) => void,
    [node, first, last]: NodeRange = [root, 0, this.length - 1],
  ): void {
    if (from > last) {
      return;
    }
    if (from <= first) {
      see(node, first, last);
      return;
    }
    this.settle(node);
    const middle = (first + last) >> 1;
    this.visit(from, see, [2 * node, first, middle]);
    this.visit(from, see, [2 * node + 1, middle + 1, last]);
  }

  private placeOf(node: number, first: number, last: number): number {
    if (first >= last) {
      return first;
    }
    this.settle(node);
    const middle = (first + last) >> 1;
    return this.at(this.lowest, 2 * node) === this.at(this.lowest, node)
      ? this.placeOf(2 * node, first, middle)
      : this.placeOf(2 * node + 1, middle + 1, last);
  }

  private at(row: readonly bigint[], node: number): bigint {
    return row[node] ?? 0n;
  }
}

const root = 1;

/** A node, and the first and last place that it stands for. */
type NodeRange = readonly [node: number, first: number, last: number];

function lower(a: bigint | null, b: bigint): bigint {
  return a === null || b < a ? b : a;
}
