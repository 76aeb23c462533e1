import type { ReferencePricePublished } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import { assertPossible, type Aggregate, type StreamRef } from '@specie/event-sourcing';

/** The reference price of a series. */
export type ReferencePrice =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'published';
      readonly priceTicks: number;
      readonly stale: boolean;
      readonly windowEndsAt: string;
    };

const referencePriceAggregate: Aggregate<ReferencePrice, ReferencePricePublished> = {
  initialState: () => ({ status: 'unknown' }),
  evolve: (state, { data: { priceTicks, stale, windowEndsAt } }) => {
    if (state.status === 'unknown') {
      assertPossible(!stale, 'there was a price before it becomes stale');
    } else {
      assertPossible(
        windowEndsAt > state.windowEndsAt,
        'a window ends after the one before it (R1)',
      );
      assertPossible(
        !stale || (!state.stale && priceTicks === state.priceTicks),
        'what becomes stale is the price before it (R3)',
      );
    }
    return { status: 'published', priceTicks, stale, windowEndsAt };
  },
};

export function referencePriceStream(
  seriesId: string,
): StreamRef<ReferencePrice, ReferencePricePublished> {
  return { streamId: streamIds.reference(seriesId), aggregate: referencePriceAggregate };
}
