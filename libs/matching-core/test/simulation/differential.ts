import { inspect } from 'node:util';
import type {
  Command,
  EngineLimits,
  MatchingEngine,
  MatchingEvent,
  StateView,
} from '../../src/types.js';
import type { Implementation } from '../engines.js';
import { firstDifference } from './equality.js';
import { CommandGenerator } from './generator.js';
import { InvariantChecker } from './invariants.js';

export interface Failure {
  readonly message: string;
  /** Index of the command that failed. */
  readonly at: number;
}
export interface Pair {
  readonly subject: Implementation;
  readonly oracle: Implementation;
}

/** Two engines in lock step: equal events, equal state, and the invariants, after every command. */
class LockStep {
  private readonly subject: MatchingEngine;
  private readonly oracle: MatchingEngine;
  private readonly invariants = new InvariantChecker();
  view: StateView;

  constructor(
    { subject, oracle }: Pair,
    limits: EngineLimits,
    private readonly reached?: Set<string>,
  ) {
    this.subject = subject.create(limits);
    this.oracle = oracle.create(limits);
    this.view = this.oracle.stateView();
  }

  /** The first difference or broken invariant, if any. */
  step(command: Command): string | undefined {
    const before = this.view;
    try {
      const expected = this.oracle.apply(command);
      const events = this.subject.apply(command);
      const eventDifference = firstDifference(events, expected, 'events');
      if (eventDifference !== undefined)
        return `${eventDifference}\nsubject ${print(events)}\noracle ${print(expected)}`;
      this.view = this.oracle.stateView();
      const stateDifference = firstDifference(this.subject.stateView(), this.view, 'state');
      if (stateDifference !== undefined) return stateDifference;
      this.invariants.check(command, expected, before, this.view);
      if (this.reached !== undefined) for (const event of expected) this.reached.add(kindOf(event));
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  }
}

export function runCommands(
  pair: Pair,
  limits: EngineLimits,
  commands: readonly Command[],
): Failure | undefined {
  const lockStep = new LockStep(pair, limits);
  for (const [at, command] of commands.entries()) {
    const message = lockStep.step(command);
    if (message !== undefined) return { message, at };
  }
  return undefined;
}

/**
 * Runs a seed; on failure throws with the seed and the shortest command list that still fails. `reached` collects
 * what kinds of events there were.
 */
export function runSeed(
  pair: Pair,
  seed: number,
  commandCount: number,
  reached: Set<string> = new Set(),
): void {
  const generator = new CommandGenerator(seed);
  const lockStep = new LockStep(pair, generator.limits, reached);
  const commands: Command[] = [];
  const step = (command: Command): string | undefined => {
    commands.push(command);
    return lockStep.step(command);
  };
  let message: string | undefined;
  for (const command of generator.opening()) message ??= step(command);
  while (message === undefined && commands.length < commandCount)
    message = step(generator.next(lockStep.view));
  if (message === undefined) return;

  const failing = shrink(commands, (list) => runCommands(pair, generator.limits, list));
  const { limits } = generator;
  const last = runCommands(pair, limits, failing)?.message ?? message;
  throw new Error(
    `SEED=${seed} fails at command ${commands.length}: ${message}\n\n` +
      `minimal case of ${failing.length} commands (${last.split('\n')[0] ?? ''}):\n\n` +
      asTestCase(seed, limits, failing) +
      `\n${last}`,
  );
}

/** Delta debugging: drops ever smaller chunks while the list still fails. */
export function shrink(
  commands: readonly Command[],
  run: (list: readonly Command[]) => Failure | undefined,
): Command[] {
  let list = [...commands];
  for (let chunk = Math.ceil(list.length / 2); chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let start = 0; start < list.length;) {
      const shorter = [...list.slice(0, start), ...list.slice(start + chunk)];
      const failure = run(shorter);
      if (failure === undefined) start += chunk;
      else list = shorter.slice(0, failure.at + 1);
    }
  }
  return list;
}

/** An event by what tells it apart from others of its type. */
function kindOf(event: MatchingEvent): string {
  switch (event.type) {
    case 'accepted':
      return `accepted ${event.orderType} ${event.timeInForce}`;
    case 'rejected':
      return `rejected ${event.reason}`;
    case 'canceled':
      return `canceled ${event.reason}`;
    case 'prevented':
      return `prevented ${event.mode}`;
    case 'phase':
      return `phase ${event.to}`;
    case 'trade':
      return `trade ${event.aggressorSide}`;
    case 'replaced':
      return `replaced ${event.keptPriority ? 'kept' : 'moved'}`;
    default:
      return event.type;
  }
}

function asTestCase(seed: number, limits: EngineLimits, commands: readonly Command[]): string {
  return [
    `it('agrees with the twin (seed ${seed})', () => {`,
    `  const limits = ${print(limits)};`,
    `  const commands: Command[] = [`,
    ...commands.map((command) => `    ${print(command)},`),
    `  ];`,
    `  expect(runCommands(pair, limits, commands)).toBeUndefined();`,
    `});`,
  ].join('\n');
}

function print(value: unknown): string {
  return inspect(value, { depth: null, breakLength: Infinity, compact: true, maxArrayLength: 200 });
}
