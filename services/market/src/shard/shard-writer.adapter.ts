import {
  PipelinedWriter,
  type EventCodec,
  type EventStore,
  type Handled,
  type WriterRequest,
} from '@specie/event-sourcing';
import type { ShardCommand, Facts } from './shard.commands.js';
import type { ShardRejection, RejectionsByCommand } from './shard-rejections.js';
import { shardStreamId, type ShardEvent } from './shard.events.js';
import type { MatchingPort, NewMatching } from './matching-port.js';
import { shardFactsOn, type FactSources } from './shard-facts.adapter.js';

export interface ShardWriterOptions extends FactSources {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly newMatching: NewMatching;
  /** Called when an append ended without an answer (the database went away); its caller is asked to send again. */
  readonly onAppendLost?: (error: unknown) => void;
}

/** The single writer of the shard: every command of the market is decided here, in one order. */
export class ShardWriter {
  private readonly writer: PipelinedWriter<
    ShardCommand,
    Facts,
    ShardEvent,
    ShardRejection,
    MatchingPort
  >;

  constructor({ store, codec, newMatching, onAppendLost, ...sources }: ShardWriterOptions) {
    this.writer = new PipelinedWriter({
      store,
      codec,
      streamId: shardStreamId,
      newMemory: newMatching,
      factsOn: (engine) => shardFactsOn(engine, sources),
      ...(onAppendLost ? { onAppendLost } : {}),
    });
  }

  /** Takes the state from the log; called when this instance becomes the writer. */
  open(): Promise<void> {
    return this.writer.open();
  }

  /** Queues a command; resolves once what was decided is durable. */
  async submit<C extends ShardCommand>(
    request: WriterRequest<C, ShardEvent>,
  ): Promise<Handled<RejectionsByCommand[C['kind']]>> {
    // The engine refuses a command with the codes of its kind only.
    return (await this.writer.submit(request)) as Handled<RejectionsByCommand[C['kind']]>;
  }
}
