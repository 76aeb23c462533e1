import { canonicalJson } from '@specie/event-sourcing';
import { askedBy } from './asked.js';
import { perform, type PerformOptions } from './perform.js';
import type { ShardEvent } from './shard-events.js';

type ReplayOptions = Pick<PerformOptions, 'venue' | 'tradeIdOf'>;

/**
 * Does a recorded command again: what its events say was asked for is performed, and what comes of it must be what they
 * say came of it, event for event.
 *
 * @throws Error that names the event that differs
 */
export function replayCommand(events: readonly ShardEvent[], options: ReplayOptions): void {
  let at = 0;
  while (at < events.length) {
    const event = events[at] as ShardEvent;
    if (event.type === 'market.order-refused') {
      // Every order opens an account; otherwise it changed nothing.
      options.venue.accountOf(event.data.partyId);
      at += 1;
      continue;
    }
    at += replayAsked(event, events.slice(at), options);
  }
}

/** Returns how many of the events the command explains. */
function replayAsked(
  event: ShardEvent,
  following: readonly ShardEvent[],
  options: ReplayOptions,
): number {
  const asked = askedBy(event);
  if (asked === null) {
    throw new Error(`no command explains ${event.type}`);
  }
  const cancelledAlong = event.type === 'market.order-accepted' ? ineligibleMakers(following) : [];
  for (const cancelled of cancelledAlong) {
    replayAsked(cancelled, [cancelled], options);
  }
  const cancelReason =
    event.type === 'market.order-cancelled' ? { cancelReason: event.data.reason } : {};
  const performed = perform(asked, { ...options, ...cancelReason });
  if (performed.outcome === 'refused') {
    throw new Error(
      `${event.type} is recorded, but the command is refused with ${performed.reason}`,
    );
  }
  if (performed.events.length === 0) {
    throw new Error(`${event.type} is recorded, but the command does nothing`);
  }
  const recorded = following.filter((one) => !cancelledAlong.includes(one));
  let at = 0;
  for (const computed of performed.events) {
    if (!isTacit(computed, recorded[at])) {
      requireSame(computed, recorded[at]);
      at += 1;
    }
  }
  return at + cancelledAlong.length;
}

/** Before there were several modes, an order that met its own party's was cancelled and nothing else was said. */
function isTacit(computed: ShardEvent, recorded: ShardEvent | undefined): boolean {
  return (
    computed.type === 'market.self-trade-prevented' &&
    computed.data.mode === 'cancel_newest' &&
    recorded?.type !== 'market.self-trade-prevented'
  );
}

/**
 * Before mass cancels, an order that met one of a party that may not trade cancelled it on its way. The cancelled one
 * leaves the book first, so that the order passes it by as it did then.
 */
function ineligibleMakers(following: readonly ShardEvent[]): readonly ShardEvent[] {
  const end = following.findIndex(
    (event, index) => index > 0 && event.type === 'market.order-accepted',
  );
  return following
    .slice(0, end === -1 ? undefined : end)
    .filter(({ type, data }) => type === 'market.order-cancelled' && data.reason === 'ineligible');
}

function requireSame(computed: ShardEvent, recorded: ShardEvent | undefined): void {
  if (recorded && isSame(computed, recorded)) return;
  const [here, there] = [textOf(computed), recorded ? textOf(recorded) : 'nothing'];
  if (here !== there) {
    throw new Error(`the log has ${there} where the command does ${here}`);
  }
}

/** The data of an event has no nested fields. */
function isSame(computed: ShardEvent, recorded: ShardEvent): boolean {
  const here: Readonly<Record<string, unknown>> = computed.data;
  const there: Readonly<Record<string, unknown>> = recorded.data;
  const names = Object.keys(here);
  return (
    computed.type === recorded.type &&
    names.length === Object.keys(there).length &&
    names.every((name) => here[name] === there[name])
  );
}

function textOf({ type, data }: ShardEvent): string {
  const plain = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  );
  return `${type} ${canonicalJson(plain)}`;
}
