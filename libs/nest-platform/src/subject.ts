import type { Provider, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { JsonValue } from '@specie/event-sourcing';
import type { Projection } from '@specie/postgres-event-store';
import type { EntityManager, EntitySchema, MigrationInterface } from 'typeorm';
import type { RefusalTexts } from './http/refusals.js';

/** A table as the service reads and writes its rows. */
export interface TableLike {
  readonly entity: EntitySchema;
}

/** Work that a deadline makes due; runs again and again, on one instance at a time where there is a single writer. */
export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  /** A read that says whether there is anything to do; without it every run takes the sweep's lease, twice written. */
  readonly isDue?: (injector: ModuleRef) => Promise<boolean>;
  run(injector: ModuleRef): Promise<void>;
}

/** One part of a service's health. A degraded one is worth a look; the instance goes on serving. */
export interface HealthSignal {
  readonly name: string;
  readonly isDegraded: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** One collection of docs/architecture.md that the service attests. */
export interface AttestedRows {
  /** Lower snake case, as in docs/architecture.md. */
  readonly name: string;
  /** In any order, every key at most once; read in the transaction of `manager`. */
  readonly read: (
    manager: EntityManager,
  ) => Promise<readonly (readonly [key: string, value: JsonValue])[]>;
}

/** What one subject of a service brings; all that `app.module.ts` lists. */
export interface Subject {
  readonly name: string;
  readonly tables?: readonly TableLike[];
  readonly migrations?: readonly (new () => MigrationInterface)[];
  readonly projections?: readonly Projection[];
  readonly controllers?: readonly Type[];
  /** Classes with `@EventPattern` methods, which say what the service consumes. */
  readonly consumers?: readonly Type[];
  /** Handlers, queries and what else is injected. */
  readonly providers?: readonly Provider[];
  readonly sweeps?: readonly Sweep[];
  readonly attested?: readonly AttestedRows[];
  /** What to do about each refusal, by its code; of every code in the `rejections` of its operations. */
  readonly refusals?: RefusalTexts;
  /** By tag, which is the name of a controller without its suffix: what its operations are about. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What of the subject `/health/ready` shows; it is public, so no ids of parties and no texts of others. */
  readonly health?: (injector: ModuleRef) => Promise<readonly HealthSignal[]>;
  /** Runs when this instance becomes the writer, before it consumes or takes a write; rebuild memory from the log here. */
  readonly onBecomeWriter?: (injector: ModuleRef) => Promise<void>;
}

/** Checks a subject and keeps its type. */
export function defineSubject(subject: Subject): Subject {
  return subject;
}
