import {
  accept,
  InMemoryEventStore,
  PipelinedWriter,
  reject,
  type AppendOutcome,
  type AppendRequest,
  type BatchFacts,
  type CommandContext,
  type Decision,
  type DomainEvent,
  type EventCodec,
  type EventStore,
  type JsonValue,
  type Memory,
  type PipelinedWriterOptions,
  type RecordedCommand,
  type SnapshotTaken,
  type WriterRequest,
} from '../src/index.js';

export type Coins = DomainEvent<'till.coins-moved', number>;
export type Decided = Decision<Coins, 'overdrawn'>;
export type TillRequest = WriterRequest<number, Coins>;
export type TillFacts = BatchFacts<TillRequest, number, Decided>;
export type TillWriter = PipelinedWriter<number, number, Coins, 'overdrawn', Till>;
type TillOptions = PipelinedWriterOptions<number, number, Coins, 'overdrawn', Till>;

/**
 * A till in memory that may never be overdrawn beyond a limit, which is a fact. Notes of ten and coins are recorded apart,
 * so a command has up to two events.
 */
export class Till implements Memory<number, number, Coins, 'overdrawn'> {
  coins = 0;
  /** Commands with events so far. */
  commandCount = 0;

  preview(change: number, limit: number): Decided {
    if (this.coins + change < -limit) {
      return reject('overdrawn', { left: this.coins });
    }
    return accept(...inNotesAndCoins(change));
  }

  execute(change: number, limit: number): Decided {
    const decision = this.preview(change, limit);
    if (decision.events?.length) {
      this.move(change);
    }
    return decision;
  }

  /** Does it again, and compares. */
  replay({ events }: RecordedCommand<Coins>): void {
    const change = events.reduce((sum, { data }) => sum + data, 0);
    const computed = JSON.stringify(inNotesAndCoins(change));
    if (computed !== JSON.stringify(events)) {
      throw new Error(`computed ${computed}`);
    }
    this.move(change);
  }

  stateHash(): string {
    return `${this.coins}/${this.commandCount}`;
  }

  snapshot(): SnapshotTaken {
    const { coins, commandCount } = this;
    return {
      bytes: new TextEncoder().encode(JSON.stringify({ coins, commandCount })),
      stateHash: this.stateHash(),
    };
  }

  static of(bytes?: Uint8Array): Till {
    return Object.assign(
      new Till(),
      bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Partial<Till>),
    );
  }

  private move(change: number): void {
    this.coins += change;
    this.commandCount += 1;
  }
}

function inNotesAndCoins(change: number): Coins[] {
  const coins = change % 10;
  return [change - coins, coins]
    .filter((data) => data !== 0)
    .map((data) => ({ type: 'till.coins-moved', data }));
}

export const codec: EventCodec = {
  encode: ({ type, data }) => ({ type, schemaVersion: 1, data: data as JsonValue }),
  decode: ({ type, data }) => {
    if (typeof data !== 'number') {
      throw new Error(`${JSON.stringify(data)} is no number of coins`);
    }
    return { type, data };
  },
};

export const context = (n: number, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId: commandId(n),
  now: '2026-03-01T12:00:00.000Z',
  actor: 'service:test',
  correlationId: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  causationId: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  ...more,
});

export function commandId(n: number): string {
  return `0192d1a0-7b5e-7c3d-8e4f-${(n * 16).toString(16).padStart(12, '0')}`;
}

export const answer = (_events: readonly Coins[], streamVersion: number) => ({ streamVersion });

/** Asks for nothing. */
export const noFacts: TillFacts = {
  learn: () => undefined,
  factsOf: () => 0,
  decided: () => undefined,
};

/** The writer of a till that is not open yet. */
export function newWriter(store: EventStore, options: Partial<TillOptions> = {}): TillWriter {
  return new PipelinedWriter({
    store,
    codec,
    streamId: 'till-1',
    newMemory: () => new Till(),
    factsOn: () => () => noFacts,
    ...options,
  });
}

/** An append that goes well, is lost, or commits without anybody hearing of it. */
export type Fate = 'well' | 'lost' | 'unheard';

/** A log whose appends end as `fates` says, in order; those beyond it go well. */
export class FatefulStore extends InMemoryEventStore {
  constructor(readonly fates: Fate[] = []) {
    super();
  }

  override async append(request: AppendRequest): Promise<AppendOutcome> {
    const fate = this.fates.shift() ?? 'well';
    if (fate === 'lost') {
      throw new Error('connection lost before the commit');
    }
    const outcome = await super.append(request);
    if (fate === 'unheard') {
      throw new Error('connection lost after the commit');
    }
    return outcome;
  }

  /** The numbers in the log, in order. */
  async coins(): Promise<readonly JsonValue[]> {
    return (await this.readAll(0, 1_000)).map(({ data }) => data);
  }
}
