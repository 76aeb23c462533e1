import { toError } from '../errors.js';

/** Keeps the group membership alive while a batch is handled; a rebalance stops the batch. */
export class Heartbeat {
  private readonly failed = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private failure: Error | null = null;

  constructor(beat: () => Promise<void>, everyMs: number) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => {
        this.failure ??= toError(error);
        this.failed.abort();
      });
    }, everyMs);
  }

  get signal(): AbortSignal {
    return this.failed.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  throwIfFailed(): void {
    if (this.failure) {
      throw this.failure;
    }
  }
}

/** Such an error concerns the membership: kafkajs itself must see it. */
export function isKafkaError(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
