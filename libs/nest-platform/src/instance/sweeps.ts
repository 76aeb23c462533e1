import type { ModuleRef } from '@nestjs/core';
import { whileLeased } from '@specie/postgres-event-store';
import type { DataSource } from 'typeorm';
import type { Sweep } from '../subject.js';
import { describeError, type Logger } from '../logging.js';
import type { Metrics } from '../metrics.js';

export interface SweepsOptions {
  readonly sweeps: readonly Sweep[];
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A sweep that failed is tried again after twice as long each time, up to this or its own interval. */
const backoffMsMax = 60_000;

export interface FailingSweep {
  readonly name: string;
  /** UTC instant of the first failure. */
  readonly since: string;
  readonly tryCount: number;
}

/**
 * Runs each sweep again and again, across instances one at a time. An instance that is paused during a
 * sweep may go on beside its successor, so a sweep must be safe to run twice. One
 * that fails is tried again indefinitely, backing off, and shown.
 */
export class Sweeps {
  private readonly options: SweepsOptions;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private readonly failures = new Map<string, FailingSweep>();
  private stopped = true;

  constructor(options: SweepsOptions) {
    this.options = options;
  }

  start(injector: ModuleRef): void {
    this.stopped = false;
    for (const sweep of this.options.sweeps) {
      this.schedule(sweep, injector);
    }
  }

  /** Resolves once the runs under way have ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
    await Promise.all(this.running);
  }

  failing(): readonly FailingSweep[] {
    return [...this.failures.values()];
  }

  private schedule(sweep: Sweep, injector: ModuleRef): void {
    if (this.stopped) {
      return;
    }
    const timer = setTimeout(() => {
      const run = this.runOnce(sweep, injector);
      this.running.add(run);
      void run.then(() => {
        this.running.delete(run);
        this.schedule(sweep, injector);
      });
    }, this.delayMs(sweep));
    timer.unref();
    this.timers.set(sweep.name, timer);
  }

  private delayMs({ name, everyMs }: Sweep): number {
    const tryCount = this.failures.get(name)?.tryCount ?? 0;
    return Math.min(Math.max(everyMs, backoffMsMax), everyMs * 2 ** Math.min(tryCount, 16));
  }

  /** Never rejects: a sweep that failed is due again. */
  private async runOnce(sweep: Sweep, injector: ModuleRef): Promise<void> {
    const { dataSource, logger, metrics } = this.options;
    const startedAt = performance.now();
    let outcome = 'done';
    try {
      if ((await sweep.isDue?.(injector)) === false) {
        outcome = 'idle';
      } else {
        // The lease is renewed while the sweep runs; a crashed or paused instance keeps it for seconds only.
        const isRun = await whileLeased(dataSource, { scope: 'sweep', name: sweep.name }, () =>
          sweep.run(injector),
        );
        outcome = isRun ? 'done' : 'elsewhere';
      }
      this.failures.delete(sweep.name);
    } catch (error) {
      outcome = 'failed';
      const { since = new Date().toISOString(), tryCount = 0 } =
        this.failures.get(sweep.name) ?? {};
      this.failures.set(sweep.name, { name: sweep.name, since, tryCount: tryCount + 1 });
      logger.error({ ...describeError(error), sweep: sweep.name }, 'sweep failed');
    }
    metrics.sweepSeconds.observe(
      { sweep: sweep.name, outcome },
      (performance.now() - startedAt) / 1_000,
    );
  }
}
