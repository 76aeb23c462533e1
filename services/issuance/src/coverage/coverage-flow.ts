import { compareText, sum, type Block, type Demand } from './coverage-plan.js';
import type { Shortfall } from './coverage-model.js';
import { FlowNetwork } from './max-flow.js';

const source = 0;
const sink = 1;

/**
 * The transportation problem of a block. A demand reaches the segments of its window through the nodes of a segment
 * tree over each pool class, so that it has edges by the logarithm of the length of its window and not by its length.
 */
export class Placement {
  private readonly block: Block;
  private readonly network: FlowNetwork;
  private readonly unlimited: bigint;
  private readonly placed: bigint;

  /** Places as much of the demands as the capacities can deliver. */
  constructor(block: Block) {
    const { demands, segments, classes } = block;
    this.block = block;
    this.unlimited =
      sum(classes.flatMap(({ capacities }) => capacities)) +
      sum(demands.map(({ outstanding }) => outstanding)) +
      1n;
    this.network = new FlowNetwork(2 + demands.length + 2 * segments.length * classes.length);
    demands.forEach((demand, index) => {
      this.network.addEdge(source, demandNode(index), demand.outstanding);
      for (const node of this.treeNodes(demand)) {
        this.network.addEdge(demandNode(index), node, this.unlimited);
      }
    });
    classes.forEach(({ capacities }, poolClass) => {
      for (let node = segments.length - 1; node > 0; node -= 1) {
        const parent = this.treeNode(poolClass, node);
        this.network.addEdge(parent, this.treeNode(poolClass, 2 * node), this.unlimited);
        this.network.addEdge(parent, this.treeNode(poolClass, 2 * node + 1), this.unlimited);
      }
      capacities.forEach((capacity, segment) => {
        this.network.addEdge(this.treeNode(poolClass, segments.length + segment), sink, capacity);
      });
    });
    this.placed = this.network.maxFlow(source, sink, this.unlimited);
  }

  /** The demands that exceed all they may draw on; of several groups the one that is shortest. */
  shortfall(): Shortfall | null {
    const { demands } = this.block;
    if (this.placed === sum(demands.map(({ outstanding }) => outstanding))) {
      return null;
    }
    const side = this.network.sourceSide(source);
    const short = demands.filter((_, index) => side.has(demandNode(index)));
    // The cut may join groups that have nothing to do with each other.
    const groups = groupsSharingCells(short).map((group) => this.shortfallOf(group));
    return groups.reduce((worst, group) =>
      group.obligations - group.capacity > worst.obligations - worst.capacity ? group : worst,
    );
  }

  /** How much more a demand could have by itself, given that all are placed. */
  spareOf(demand: Demand): bigint {
    const node = demandNode(this.block.demands.indexOf(demand));
    return this.network.spare(node, sink, this.unlimited);
  }

  private shortfallOf({ demands, ranges }: Group): Shortfall {
    const { classes, segments } = this.block;
    const fromSegment = Math.min(...demands.map((demand) => demand.fromSegment));
    const toSegment = Math.max(...demands.map((demand) => demand.toSegment));
    return {
      fromDay: segments[fromSegment]?.fromDay ?? 0,
      toDay: segments[toSegment]?.toDay ?? 0,
      pools: [...new Set(ranges.map(({ poolClass }) => poolClass))]
        .flatMap((poolClass) => classes[poolClass]?.pools ?? [])
        .sort(compareText),
      seriesIds: demands.flatMap((demand) => demand.owingIds),
      obligations: sum(demands.map((demand) => demand.outstanding)),
      capacity: sum(
        ranges.flatMap(
          (range) =>
            classes[range.poolClass]?.capacities.slice(range.fromSegment, range.toSegment + 1) ??
            [],
        ),
      ),
    };
  }

  /** The fewest nodes that cover the window of a demand, in the tree of each of its classes. */
  private *treeNodes({ fromSegment, toSegment, classes }: Demand): Generator<number> {
    const { length } = this.block.segments;
    for (const poolClass of classes) {
      let [from, end] = [fromSegment + length, toSegment + 1 + length];
      for (; from < end; from >>= 1, end >>= 1) {
        if (from & 1) yield this.treeNode(poolClass, from++);
        if (end & 1) yield this.treeNode(poolClass, --end);
      }
    }
  }

  /** Node 1 is the root of a class, the children of n are 2n and 2n + 1, and the segments come last. */
  private treeNode(poolClass: number, node: number): number {
    const { demands, segments } = this.block;
    return 2 + demands.length + 2 * segments.length * poolClass + node;
  }
}

const demandNode = (demand: number): number => 2 + demand;

/** Adjoining segments of a pool class. */
interface CellRange {
  readonly poolClass: number;
  readonly fromSegment: number;
  readonly toSegment: number;
}

interface Group {
  readonly demands: readonly Demand[];
  /** All that they may draw on; ranges of one class do not overlap. */
  readonly ranges: readonly CellRange[];
}

function groupsSharingCells(demands: readonly Demand[]): readonly Group[] {
  let groups: readonly Group[] = [];
  for (const demand of demands) {
    const { fromSegment, toSegment, classes } = demand;
    const own = classes.map((poolClass) => ({ poolClass, fromSegment, toSegment }));
    const touching = groups.filter(({ ranges }) =>
      ranges.some((range) => own.some((one) => overlap(range, one))),
    );
    groups = [
      ...groups.filter((group) => !touching.includes(group)),
      {
        demands: [...touching.flatMap((group) => group.demands), demand],
        ranges: own.reduce(
          united,
          touching.flatMap((group) => group.ranges),
        ),
      },
    ];
  }
  return groups;
}

function united(ranges: readonly CellRange[], added: CellRange): CellRange[] {
  const touching = [added, ...ranges.filter((range) => overlap(range, added))];
  return [
    ...ranges.filter((range) => !touching.includes(range)),
    {
      poolClass: added.poolClass,
      fromSegment: Math.min(...touching.map((range) => range.fromSegment)),
      toSegment: Math.max(...touching.map((range) => range.toSegment)),
    },
  ];
}

function overlap(a: CellRange, b: CellRange): boolean {
  return (
    a.poolClass === b.poolClass && a.fromSegment <= b.toSegment && b.fromSegment <= a.toSegment
  );
}
