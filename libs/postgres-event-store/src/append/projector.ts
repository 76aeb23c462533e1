import type { EventCodec, RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';
import { TypedProjection, type PlacedEvent, type Projection } from './projection.js';

/** Shows the events of a batch to all projections, each event decoded once. */
export class Projector {
  readonly isEmpty: boolean;
  private readonly projections: readonly Projection[];
  private readonly handledTypes: ReadonlySet<string>;
  private readonly codec: EventCodec | undefined;

  /** @throws TypeError without a codec for projections that take decoded events. */
  constructor(projections: readonly Projection[], codec?: EventCodec) {
    const typed = projections.filter((projection) => projection instanceof TypedProjection);
    if (typed.length > 0 && !codec) {
      throw new TypeError(`the projection ${typed[0]?.name} needs the codec of its events`);
    }
    this.isEmpty = projections.length === 0;
    this.projections = projections;
    this.handledTypes = new Set(typed.flatMap((projection) => [...projection.handledTypes]));
    this.codec = codec;
  }

  async project(manager: EntityManager, events: readonly RecordedEvent[]): Promise<void> {
    const placed = this.decode(events);
    for (const projection of this.projections) {
      if (projection instanceof TypedProjection) {
        const handled = placed.filter(({ type }) => projection.handledTypes.has(type));
        if (handled.length > 0) {
          await projection.project(manager, handled);
        }
      } else {
        await projection.apply(manager, events);
      }
    }
  }

  private decode(events: readonly RecordedEvent[]): readonly PlacedEvent[] {
    const { codec } = this;
    return codec
      ? events
          .filter(({ type }) => this.handledTypes.has(type))
          .map((recorded) => {
            const { schemaVersion: _version, ...place } = recorded;
            return { ...place, ...codec.decode(recorded) };
          })
      : [];
  }
}
