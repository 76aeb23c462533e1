/** Tells the time to adapters; domain code gets it on the command. Injected so that tests can fix it. */
export abstract class Clock {
  /** UTC instant, ISO 8601 with milliseconds. */
  abstract now(): string;

  /** The UTC calendar day of `now`, `YYYY-MM-DD`. */
  today(): string {
    return this.now().slice(0, 10);
  }
}

/** The clock of the machine. */
export class SystemClock extends Clock {
  now(): string {
    return new Date().toISOString();
  }
}

/** A clock that stands still until it is told to move; for tests. */
export class FixedClock extends Clock {
  private instant: string;

  constructor(instant: string) {
    super();
    this.instant = new Date(instant).toISOString();
  }

  now(): string {
    return this.instant;
  }

  set(instant: string): void {
    this.instant = new Date(instant).toISOString();
  }

  advanceMs(milliseconds: number): void {
    this.instant = new Date(Date.parse(this.instant) + milliseconds).toISOString();
  }
}
