import { Controller } from '@nestjs/common';
import type { SeriesOpened } from '@specie/contracts';
import { Ctx, EventPattern, Payload, type EventContext } from '@specie/nest-platform';
import { seriesTable } from './series.table.js';

/** Copies the provider and the delivery window of each series. */
@Controller()
export class SeriesOpenedConsumer {
  @EventPattern('issuance.series-opened')
  async onSeriesOpened(
    @Payload() { data }: SeriesOpened,
    @Ctx() context: EventContext,
  ): Promise<void> {
    const { seriesId, providerId, windowToOn } = data;
    // The issuer opens a series once; a second announcement must not give it to another provider.
    await context.effect((manager) =>
      seriesTable.insertMissing(manager, [{ seriesId, providerId, windowToOn }]),
    );
  }
}
