import type { SliceCaptured, UsageCharged } from '@specie/contracts';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { sliceTable, usageTable } from './usage.table.js';

interface Changes {
  readonly charged: PlacedEvent<UsageCharged>[];
  readonly captured: PlacedEvent<SliceCaptured>[];
}

/** Every usage record once, and the slices that were captured. */
export const usageProjection = defineProjection<UsageCharged | SliceCaptured, Changes>({
  name: 'usage',
  changes: () => ({ charged: [], captured: [] }),
  events: {
    'metering.usage-charged': ({ charged }, event) => {
      charged.push(event);
    },
    'metering.slice-captured': ({ captured }, event) => {
      captured.push(event);
    },
  },
  write: async (manager, { charged, captured }) => {
    await usageTable.insert(
      manager,
      charged.map(({ data, streamId, position }) => ({
        ...data,
        usageId: streamId.slice('usage-'.length),
        position,
      })),
    );
    await sliceTable.insert(
      manager,
      captured.map(({ data, occurredAt }) => ({ ...data, capturedAt: occurredAt })),
    );
  },
});
