import {
  inboxPairsOf,
  type AppendOutcome,
  type AppendRequest,
  type EventStore,
  type ReplayedEvent,
  type StoredAnswer,
} from './event-store.js';
import { deriveEventId, type RecordedEvent } from './events.js';
import { canonicalJson } from './json.js';

/** The whole contract of `EventStore` in memory: for simulations and fast tests. Nothing survives the process. */
export class InMemoryEventStore implements EventStore {
  private readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly eventIds = new Set<string>();
  private readonly answers = new Map<string, StoredAnswer>();
  private readonly inbox = new Set<string>();

  append(request: AppendRequest): Promise<AppendOutcome> {
    return Promise.resolve(this.appendNow(request));
  }

  readStream(streamId: string, afterVersion = 0): Promise<readonly RecordedEvent[]> {
    return Promise.resolve((this.streams.get(streamId) ?? []).slice(afterVersion));
  }

  async replayStream(
    streamId: string,
    afterVersion: number,
    onEvent: (event: ReplayedEvent) => void,
  ): Promise<void> {
    (await this.readStream(streamId, afterVersion)).forEach(onEvent);
  }

  readAll(afterPosition: number, limit: number): Promise<readonly RecordedEvent[]> {
    return Promise.resolve(this.log.slice(afterPosition, afterPosition + limit));
  }

  findAnswer(scope: string, key: string): Promise<StoredAnswer | null> {
    return Promise.resolve(this.answers.get(answerKey(scope, key)) ?? null);
  }

  private appendNow(request: AppendRequest): AppendOutcome {
    const { commandId, streams, metadata, occurredAt, idempotency } = request;
    const inbox = inboxPairsOf(request).map(({ consumer, eventId }) =>
      answerKey(consumer, eventId),
    );
    if (idempotency) {
      const stored = this.answers.get(answerKey(idempotency.scope, idempotency.key));
      if (stored) {
        return stored.bodyHash === idempotency.bodyHash
          ? { outcome: 'already_done', answer: stored.answer }
          : { outcome: 'conflicting_repeat' };
      }
    }
    if (inbox.some((pair) => this.inbox.has(pair))) {
      return { outcome: 'already_done', answer: null };
    }
    const hasEvents = streams.some(({ events }) => events.length > 0);
    if (hasEvents && this.eventIds.has(commandId)) {
      return this.isSameCommand(request)
        ? { outcome: 'already_done', answer: null }
        : { outcome: 'conflicting_repeat' };
    }
    for (const { streamId, expectedVersion } of streams) {
      const version = this.streams.get(streamId)?.length ?? 0;
      const fits =
        expectedVersion === 'any' ||
        (expectedVersion === 'no_stream' && version === 0) ||
        (expectedVersion === 'exists' && version > 0) ||
        expectedVersion === version;
      if (!fits) {
        return { outcome: 'wrong_expected_version', streamId };
      }
    }
    const recorded: RecordedEvent[] = [];
    for (const { streamId, events } of streams) {
      const stream = this.streams.get(streamId) ?? [];
      this.streams.set(streamId, stream);
      for (const event of events) {
        const stored: RecordedEvent = {
          ...event,
          position: this.log.length + 1,
          eventId: deriveEventId(commandId, recorded.length),
          streamId,
          streamVersion: stream.length + 1,
          occurredAt,
          effectiveAt: request.effectiveAt ?? occurredAt,
          recordedAt: occurredAt,
          commandId,
          metadata: event.metadata ?? metadata,
        };
        stream.push(stored);
        this.log.push(stored);
        this.eventIds.add(stored.eventId);
        recorded.push(stored);
      }
    }
    if (idempotency) {
      this.answers.set(answerKey(idempotency.scope, idempotency.key), idempotency);
    }
    inbox.forEach((pair) => this.inbox.add(pair));
    return {
      outcome: 'appended',
      events: recorded,
      streams: streams.map(({ streamId }) => ({
        streamId,
        streamVersion: this.streams.get(streamId)?.length ?? 0,
      })),
    };
  }

  private isSameCommand(request: AppendRequest): boolean {
    const stored = this.log.filter((event) => event.commandId === request.commandId);
    const sent = request.streams.flatMap(({ streamId, events }) =>
      events.map(({ type, schemaVersion, data }) => ({ streamId, type, schemaVersion, data })),
    );
    const known = stored.map(({ streamId, type, schemaVersion, data }) => ({
      streamId,
      type,
      schemaVersion,
      data,
    }));
    return canonicalJson(known) === canonicalJson(sent);
  }
}

function answerKey(scope: string, key: string): string {
  return JSON.stringify([scope, key]);
}
