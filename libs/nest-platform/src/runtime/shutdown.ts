import { describeError, type Logger } from '../logging.js';

interface Step {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  readonly timeMsMax: number;
}

/** Ends the parts of an instance one after another; each gets what is left of one deadline. */
export class Shutdown {
  private readonly steps: Step[] = [];
  private readonly deadlineMs: number;
  private readonly logger: Logger;
  private running: Promise<void> | undefined;

  constructor(deadlineMs: number, logger: Logger) {
    this.deadlineMs = deadlineMs;
    this.logger = logger;
  }

  /** Adds a step before all others; it may not use up the time of those after it. */
  first(name: string, run: () => Promise<unknown>, timeMsMax = Infinity): void {
    this.steps.unshift({ name, run, timeMsMax });
  }

  /** Adds a step after all others. */
  last(name: string, run: () => Promise<unknown>): void {
    this.steps.push({ name, run, timeMsMax: Infinity });
  }

  /** Runs the steps once; further calls wait for the same run. Never rejects: what fails is logged. */
  run(): Promise<void> {
    this.running ??= this.runSteps();
    return this.running;
  }

  private async runSteps(): Promise<void> {
    const endsAt = performance.now() + this.deadlineMs;
    for (const { name, run, timeMsMax } of this.steps) {
      const leftMs = Math.min(timeMsMax, Math.max(0, endsAt - performance.now()));
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), leftMs);
      });
      try {
        if ((await Promise.race([run(), tooLate])) === 'late') {
          this.logger.error({ step: name }, 'stopping took too long and was cut short');
        }
      } catch (error) {
        this.logger.error({ ...describeError(error), step: name }, 'stopping failed');
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
