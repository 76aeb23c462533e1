import type { CommandContext, RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';
import { createHash } from 'node:crypto';
import type { EffectQueue } from '../effect-queue.js';

export interface EventContextOptions {
  readonly consumer: string;
  readonly recorded: RecordedEvent;
  readonly effects: EffectQueue;
  readonly now: () => string;
  /** Steps named so far by all handlers of this delivery. */
  readonly usedSteps: Set<string>;
}

/** What a consumer's handler is given beside the event, by `@Ctx()`. */
export class EventContext {
  readonly recorded: RecordedEvent;

  private readonly options: EventContextOptions;

  constructor(options: EventContextOptions) {
    this.options = options;
    this.recorded = options.recorded;
  }

  /**
   * The context of a command that answers this event. The command id follows from consumer, event and
   * `step`, and the inbox row commits with the command's events, so a repeated delivery has no second
   * effect. Name a `step` when several commands answer one event.
   */
  command(step = ''): CommandContext {
    const { consumer, recorded, now } = this.options;
    const inboxConsumer = this.claim('command', step);
    return {
      commandId: commandIdOf(inboxConsumer, recorded.eventId),
      now: now(),
      actor: `service:${consumer}`,
      correlationId: recorded.metadata.correlationId,
      causationId: recorded.eventId,
      inbox: { consumer: inboxConsumer, eventId: recorded.eventId },
    };
  }

  /**
   * Runs `work` in the transaction of the inbox row; a repeated delivery does nothing. `work` uses the
   * given manager only and may run again when its transaction failed. Name a `step` when several
   * handlers of the service write something for the same event.
   */
  effect(work: (manager: EntityManager) => Promise<void>, step = ''): Promise<void> {
    return this.options.effects.run(this.claim('effect', step), this.recorded.eventId, work);
  }

  /** Two uses of one step would silently drop the second effect, so they are refused loudly. */
  private claim(kind: 'command' | 'effect', step: string): string {
    const { consumer, usedSteps } = this.options;
    const name = step === '' ? `${consumer}:${kind}` : `${consumer}:${kind}:${step}`;
    if (usedSteps.has(name)) {
      throw new Error(
        `${this.recorded.type}: ${kind} step "${step}" is used twice for one event; name each step`,
      );
    }
    usedSteps.add(name);
    return name;
  }
}

/** Keeps command ids of consumed events apart from every other derived id. */
const namespace = Buffer.from('a4be0cf18c2f4d6f9a5f5d2f0f1e7b90', 'hex');

function commandIdOf(inboxConsumer: string, eventId: string): string {
  const bytes = createHash('sha1')
    .update(namespace)
    .update(JSON.stringify([inboxConsumer, eventId]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
