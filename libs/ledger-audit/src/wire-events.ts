import type * as contracts from '@specie/contracts';
import type { z } from 'zod';

type Contracts = typeof contracts;

/** Every event as it stands on the wire: quantities are decimal strings. */
export type WireEvent = {
  [Name in keyof Contracts]: Contracts[Name] extends contracts.EventDefinition<
    infer Type,
    infer Data
  >
    ? { readonly type: Type; readonly data: z.input<Data> }
    : never;
}[keyof Contracts];

export type WireData<Type extends WireEvent['type']> = Extract<
  WireEvent,
  { readonly type: Type }
>['data'];

/** Where a decoded event stands and who caused it. */
export interface EventFacts {
  readonly service: contracts.ServiceName;
  readonly position: number;
  readonly eventId: string;
  readonly commandId: string;
  readonly streamId: string;
  /** Epoch milliseconds. */
  readonly occurredAtMs: number;
  readonly recordedAtMs: number;
}

/** A decoded event with its place. */
export type LedgerEvent = WireEvent & EventFacts;
/** An event of one service. */
export type EventOfService<Service extends contracts.ServiceName> = EventFacts &
  Extract<WireEvent, { readonly type: `${Service}.${string}` }>;
