import type { KeyObject } from 'node:crypto';
import {
  canonicalJson,
  deriveEventId,
  inboxPairsOf,
  type AppendOutcome,
  type JsonValue,
  type RecordedEvent,
  type SideRows,
} from '@specie/event-sourcing';
import { type ChainHasher } from '../record/canonical.js';
import { signHead } from '../record/head-signature.js';
import type { BatchRows } from './batch-rows.js';
import type { Command } from './command.js';

/** What is known of the log's past when commands are judged. `undefined` means "not known to exist". */
export interface Knowledge {
  answerOf(
    scope: string,
    key: string,
  ): { readonly bodyHash: string; readonly answer: JsonValue } | undefined;
  inInbox(consumer: string, eventId: string): boolean;
  /** Whether the command ran before: with the same events or with others. */
  earlierRun(command: Command): 'none' | 'same' | 'different';
  versionOf(streamId: string): number | undefined;
}

export interface BatchBase {
  readonly position: number;
  readonly chainHash: Buffer;
}

const eventColumnCount = 14;
const seenColumnCount = 5;
const inboxColumnCount = 2;

/**
 * Judges commands one after another against what is known and what the batch already holds, gives
 * positions, versions and chain hashes to those that append, and encodes their rows for COPY. Nothing
 * it says is true before the batch has committed.
 */
export class BatchBuilder {
  readonly rows: BatchRows;
  readonly events: RecordedEvent[] = [];
  readonly versions = new Map<string, number>();
  /** Of the commands that append, in their order. */
  readonly sideRows: SideRows[] = [];
  commandCount = 0;
  seenCount = 0;
  inboxCount = 0;
  position: number;
  readonly base: BatchBase;
  private readonly logName: string;
  private readonly knowledge: Knowledge;
  private digest: string;
  private readonly hasher: ChainHasher;
  private readonly recordedAtMs: number;
  private readonly recordedAt: string;
  private readonly commands = new Map<string, Command>();
  private readonly answers = new Map<
    string,
    { readonly bodyHash: string; readonly answer: JsonValue }
  >();
  private readonly inboxPairs = new Set<string>();

  constructor(options: {
    readonly logName: string;
    readonly base: BatchBase;
    readonly knowledge: Knowledge;
    readonly hasher: ChainHasher;
    readonly nowMs: number;
    readonly rows: BatchRows;
  }) {
    this.rows = options.rows;
    this.logName = options.logName;
    this.base = options.base;
    this.position = options.base.position;
    this.digest = options.base.chainHash.toString('latin1');
    options.hasher.continueFrom(options.base.chainHash);
    this.knowledge = options.knowledge;
    this.hasher = options.hasher;
    this.recordedAtMs = options.nowMs;
    this.recordedAt = new Date(options.nowMs).toISOString();
  }

  /** The chain hash at the end of the batch so far. */
  get chainHash(): Buffer {
    return Buffer.from(this.digest, 'latin1');
  }

  /** The outcome of `command` if this batch commits. Rows are added only when it is `appended`. */
  judge(command: Command): AppendOutcome {
    return this.repeatOf(command) ?? this.versionConflict(command) ?? this.place(command);
  }

  /** Signs the head; to be called once, after the last command. */
  seal(signingKey: KeyObject): void {
    if (this.events.length === 0) {
      return;
    }
    const signature = signHead(
      { logName: this.logName, position: this.position, chainHash: this.chainHash },
      signingKey,
    );
    // The last row ends with an absent signature of four bytes.
    this.rows.events.length -= 4;
    this.rows.events.blob(signature);
  }

  private repeatOf(command: Command): AppendOutcome | null {
    const { idempotency, commandId } = command.request;
    if (idempotency) {
      const { scope, key } = idempotency;
      const stored = this.answers.get(pair(scope, key)) ?? this.knowledge.answerOf(scope, key);
      if (stored) {
        return stored.bodyHash === idempotency.bodyHash
          ? { outcome: 'already_done', answer: stored.answer }
          : { outcome: 'conflicting_repeat' };
      }
    }
    for (const { consumer, eventId } of inboxPairsOf(command.request)) {
      if (
        this.inboxPairs.has(pair(consumer, eventId)) ||
        this.knowledge.inInbox(consumer, eventId)
      ) {
        return { outcome: 'already_done', answer: null };
      }
    }
    if (command.eventCount === 0) {
      return null;
    }
    const sameBatch = this.commands.get(commandId);
    const earlier = sameBatch
      ? compareCommands(sameBatch, command)
      : this.knowledge.earlierRun(command);
    switch (earlier) {
      case 'none':
        return null;
      case 'same':
        return { outcome: 'already_done', answer: null };
      case 'different':
        return { outcome: 'conflicting_repeat' };
    }
  }

  private versionConflict(command: Command): AppendOutcome | null {
    for (const { streamId, expectedVersion } of command.request.streams) {
      const version = this.versionOf(streamId);
      const fits =
        expectedVersion === 'any' ||
        (expectedVersion === 'no_stream' && version === 0) ||
        (expectedVersion === 'exists' && version > 0) ||
        expectedVersion === version;
      if (!fits) {
        return { outcome: 'wrong_expected_version', streamId };
      }
    }
    return null;
  }

  private versionOf(streamId: string): number {
    return this.versions.get(streamId) ?? this.knowledge.versionOf(streamId) ?? 0;
  }

  private place(command: Command): AppendOutcome {
    const { request } = command;
    const events: RecordedEvent[] = [];
    const streams: { readonly streamId: string; readonly streamVersion: number }[] = [];
    for (const [streamIndex, stream] of request.streams.entries()) {
      let streamVersion = this.versionOf(stream.streamId);
      const texts = command.data[streamIndex] ?? [];
      for (const [index, event] of stream.events.entries()) {
        streamVersion += 1;
        this.position += 1;
        const recorded: RecordedEvent = {
          type: event.type,
          schemaVersion: event.schemaVersion,
          data: event.data,
          position: this.position,
          eventId: deriveEventId(request.commandId, events.length),
          streamId: stream.streamId,
          streamVersion,
          occurredAt: request.occurredAt,
          effectiveAt: request.effectiveAt ?? request.occurredAt,
          recordedAt: this.recordedAt,
          commandId: request.commandId,
          metadata: event.metadata ?? request.metadata,
        };
        const metadata = event.metadata ? canonicalJson({ ...event.metadata }) : command.metadata;
        this.writeEvent(recorded, command, { metadata, data: texts[index] ?? 'null' });
        events.push(recorded);
        this.events.push(recorded);
      }
      this.versions.set(stream.streamId, streamVersion);
      streams.push({ streamId: stream.streamId, streamVersion });
    }
    this.commandCount += 1;
    if (events.length > 0) {
      this.commands.set(request.commandId, command);
    }
    this.sideRows.push(...(request.sideRows ?? []));
    this.writeProofRows(command);
    return { outcome: 'appended', events, streams };
  }

  private writeEvent(
    event: RecordedEvent,
    command: Command,
    texts: { readonly metadata: string; readonly data: string },
  ): void {
    const rows = this.rows.events;
    rows.rawInt16(eventColumnCount);
    const start = rows.length;
    rows.int64(event.position);
    rows.text(event.streamId);
    rows.int32(event.streamVersion);
    rows.uuid(event.eventId);
    rows.uuid(event.commandId);
    rows.text(event.type);
    rows.int16(event.schemaVersion);
    rows.instant(command.occurredAtMs);
    rows.instant(command.effectiveAtMs);
    rows.instant(this.recordedAtMs);
    rows.text(texts.metadata);
    rows.text(texts.data);
    this.digest = this.hasher.next(rows.bytes, start, rows.length);
    rows.latin1(this.digest);
    rows.absent();
  }

  private writeProofRows(command: Command): void {
    const { idempotency } = command.request;
    if (idempotency) {
      const rows = this.rows.seen;
      rows.rawInt16(seenColumnCount);
      rows.text(idempotency.scope);
      rows.text(idempotency.key);
      rows.text(idempotency.bodyHash);
      rows.text(command.answer);
      rows.instant(this.recordedAtMs);
      this.answers.set(pair(idempotency.scope, idempotency.key), idempotency);
      this.seenCount += 1;
    }
    for (const inbox of inboxPairsOf(command.request)) {
      const rows = this.rows.inbox;
      rows.rawInt16(inboxColumnCount);
      rows.text(inbox.consumer);
      rows.text(inbox.eventId);
      this.inboxPairs.add(pair(inbox.consumer, inbox.eventId));
      this.inboxCount += 1;
    }
  }
}

/** A map key for two texts; NUL occurs in neither. */
export function pair(first: string, second: string): string {
  return `${first}\0${second}`;
}

function compareCommands(first: Command, second: Command): 'same' | 'different' {
  return commandEvents(first) === commandEvents(second) ? 'same' : 'different';
}

/** A text that is equal for two commands exactly when they carry the same events in the same order. */
export function commandEvents(command: Command): string {
  const parts: (string | number)[] = [];
  for (const [streamIndex, { streamId, events }] of command.request.streams.entries()) {
    for (const [index, { type, schemaVersion }] of events.entries()) {
      parts.push(streamId, type, schemaVersion, command.data[streamIndex]?.[index] ?? '');
    }
  }
  return parts.join('\0');
}
