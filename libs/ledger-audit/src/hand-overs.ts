import type { ServiceName } from '@specie/contracts';
import { formatMicro } from '@specie/quantities';
import type { InvariantName } from './invariant-names.js';
import type { EventFacts } from './wire-events.js';

/** What one log says about something that two services hand over. Null where this log does not say. */
export interface Movement {
  /** What both sides call it: unique for the kind of hand-over, its owner and its series. */
  readonly key: string;
  /** The id alone, as people see it. */
  readonly movementId: string;
  /** The account on this side. */
  readonly account: string;
  readonly partyId: string | null;
  readonly seriesId: string | null;
  readonly quantity: bigint | null;
  /** The deal or the reservation it belongs to. */
  readonly about: string | null;
  /** An answer may be a refusal; what is asked is `done`. */
  readonly outcome: 'done' | 'refused';
  /** Settled by this side alone, before the other one answered; a real answer takes its place. */
  readonly isTentative: boolean;
  readonly service: ServiceName;
  readonly position: number;
  readonly eventId: string;
  readonly streamId: string;
  readonly recordedAtMs: number;
}

/** A movement at the place of the event that tells it. */
export function movementAt(
  event: EventFacts,
  told: Pick<Movement, 'key' | 'movementId' | 'account'> & Partial<Movement>,
): Movement {
  const { service, position, eventId, streamId, recordedAtMs } = event;
  const nothing = { partyId: null, seriesId: null, quantity: null, about: null };
  return {
    ...nothing,
    outcome: 'done',
    isTentative: false,
    ...told,
    ...{ service, position, eventId, streamId, recordedAtMs },
  };
}

/** One side of a hand-over, in the order of its log. */
export class Movements {
  private readonly byKey = new Map<string, Movement[]>();

  add(movement: Movement): void {
    const known = this.byKey.get(movement.key);
    if (known === undefined || known.every(({ isTentative }) => isTentative)) {
      this.byKey.set(movement.key, [movement]);
    } else {
      known.push(movement);
    }
  }

  of(key: string): readonly Movement[] {
    return this.byKey.get(key) ?? [];
  }

  *all(): Generator<Movement> {
    for (const movements of this.byKey.values()) {
      yield* movements;
    }
  }
}

export interface HandOver {
  readonly name: string;
  readonly invariant: InvariantName;
  readonly given: Movements;
  readonly to: ServiceName;
  readonly taken: Movements;
  /** What the answer is called, for people: "credited", "settled". */
  readonly answer: string;
  /** The receiver answers the events of one stream one after the other. */
  readonly isOrdered: boolean;
  /** A refusal is answered by a refusal (second leg of a request). */
  readonly keepsOutcome: boolean;
}

export const discrepancyKinds = [
  'overdue',
  'overtaken',
  'unfounded',
  'different',
  'repeated',
] as const;
/**
 * `overdue`: no answer within the bound. `overtaken`: a later one of the same stream has been answered.
 * `unfounded`: an answer to nothing. `different`: the sides do not say the same. `repeated`: answered twice.
 */
export type DiscrepancyKind = (typeof discrepancyKinds)[number];

/** A hand-over whose sides do not match, at the event that shows it. */
export interface Discrepancy {
  readonly invariant: InvariantName;
  readonly handOver: string;
  readonly kind: DiscrepancyKind;
  readonly service: ServiceName;
  readonly position: number;
  readonly eventId: string;
  readonly movementId: string;
  readonly account: string;
  /** Decimal string; null where the log does not say. */
  readonly quantity: string | null;
  readonly detail: string;
}

export interface LogEnd {
  readonly position: number;
  readonly recordedAtMs: number;
}

export interface MatchOptions {
  /** Whether everything recorded at this instant and before was read in every log. */
  readonly isComplete: (recordedAtMs: number) => boolean;
  /** How long an answer may take. */
  readonly inFlightMsMax: number;
  readonly endOf: (service: ServiceName) => LogEnd;
  readonly report: (discrepancy: Discrepancy) => void;
}

/** Compares both sides of a hand-over, movement by movement. */
export function matchHandOver(handOver: HandOver, options: MatchOptions): void {
  const { given, taken, to } = handOver;
  const report = (kind: DiscrepancyKind, movement: Movement, detail: string): void =>
    options.report(discrepancyOf(handOver, { kind, movement, detail }));
  const answeredTo = handOver.isOrdered ? answeredByStream(given, taken) : null;
  for (const asked of given.all()) {
    const answers = taken.of(asked.key);
    const [answer, second] = answers;
    if (second !== undefined) {
      report('repeated', second, `${second.service} ${handOver.answer} it ${answers.length} times`);
    }
    if (answer !== undefined) {
      const difference = differenceOf(handOver, asked, answer);
      if (difference !== null) {
        report('different', answer, difference);
      }
      continue;
    }
    const logs = [asked.service, to].map((service) => endText(service, options.endOf(service)));
    if ((answeredTo?.get(asked.streamId) ?? 0) > asked.position) {
      report('overtaken', asked, `${to} passed over it (${logs.join(', ')})`);
    } else if (options.isComplete(asked.recordedAtMs + options.inFlightMsMax)) {
      const within = `within ${options.inFlightMsMax / 1_000} s`;
      report(
        'overdue',
        asked,
        `${to} has not ${handOver.answer} it ${within} (${logs.join(', ')})`,
      );
    }
  }
  for (const answer of taken.all()) {
    const isUnfounded = given.of(answer.key).length === 0 && !answer.isTentative;
    if (isUnfounded && options.isComplete(answer.recordedAtMs)) {
      report('unfounded', answer, `${handOver.answer}, though nobody handed it over`);
    }
  }
}

/** How far in each stream of the giver the receiver has come. */
function answeredByStream(given: Movements, taken: Movements): ReadonlyMap<string, number> {
  const answered = new Map<string, number>();
  for (const { key, streamId, position } of given.all()) {
    if (taken.of(key).length > 0) {
      answered.set(streamId, Math.max(answered.get(streamId) ?? 0, position));
    }
  }
  return answered;
}

function differenceOf(handOver: HandOver, asked: Movement, answer: Movement): string | null {
  if (handOver.keepsOutcome && asked.outcome !== answer.outcome) {
    return `${asked.service} says ${asked.outcome}, ${answer.service} says ${answer.outcome}`;
  }
  const fields = ['partyId', 'seriesId', 'quantity', 'about'] as const;
  for (const field of fields) {
    const [one, other] = [asked[field], answer[field]];
    if (one !== null && other !== null && one !== other) {
      const told = [one, other].map((value) =>
        typeof value === 'bigint' ? formatMicro(value) : value,
      );
      return `${field}: ${asked.service} says ${told[0]}, ${answer.service} says ${told[1]}`;
    }
  }
  return null;
}

function discrepancyOf(
  { invariant, name }: HandOver,
  found: {
    readonly kind: DiscrepancyKind;
    readonly movement: Movement;
    readonly detail: string;
  },
): Discrepancy {
  const { kind, movement, detail } = found;
  const { service, position, eventId, movementId, account } = movement;
  const quantity = movement.quantity === null ? null : formatMicro(movement.quantity);
  return {
    ...{ invariant, handOver: name, kind, service, position, eventId, movementId, account },
    quantity,
    detail,
  };
}

/** One line that names everything. */
export function discrepancyText(found: Discrepancy): string {
  const { service, position, eventId, handOver, movementId, quantity, account, kind } = found;
  const amount = quantity === null ? '' : ` of ${quantity}`;
  return `${service} position ${position} event ${eventId}: ${handOver} ${movementId}${amount}, account ${account}, is ${kind}: ${found.detail}`;
}

function endText(service: ServiceName, { position, recordedAtMs }: LogEnd): string {
  const until = position === 0 ? '' : `, recorded ${new Date(recordedAtMs).toISOString()}`;
  return `${service} read to position ${position}${until}`;
}
