import type { EventCodec, RecordedEvent } from '@specie/event-sourcing';
import type { EntityManager } from 'typeorm';
import type { PlacedEvent, Projection } from './projection.js';

/** Shows the events of a batch to all projections, each event decoded once. */
export class Projector {
  readonly isEmpty: boolean;
  private readonly projections: readonly Projection[];
  private readonly handledTypes: ReadonlySet<string>;
  private readonly codec: EventCodec | undefined;

  /** @throws TypeError for projections without the codec of their events. */
  constructor(projections: readonly Projection[], codec?: EventCodec) {
    const [first] = projections;
    if (first && !codec) {
      throw new TypeError(`the projection ${first.name} needs the codec of its events`);
    }
    this.isEmpty = !first;
    this.projections = projections;
    this.handledTypes = new Set(projections.flatMap(({ handledTypes }) => [...handledTypes]));
    this.codec = codec;
  }

  async project(manager: EntityManager, events: readonly RecordedEvent[]): Promise<void> {
    const placed = this.decode(events);
    for (const projection of this.projections) {
      const handled = placed.filter(({ type }) => projection.handledTypes.has(type));
      if (handled.length > 0) {
        await projection.project(manager, handled);
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
