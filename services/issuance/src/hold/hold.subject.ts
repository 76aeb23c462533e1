import { defineSubject } from '@specie/nest-platform';
import { CaptureHoldHandler } from './capture-hold.handler.js';
import { HoldTokensHandler } from './hold-tokens.handler.js';
import { AccountsController } from './hold.controller.js';
import { holdProjection } from './hold.projection.js';
import { HoldQuery } from './hold.query.js';
import { holdTable } from './hold.table.js';
import { MeteringConsumer } from './metering.consumer.js';
import { ReleaseHoldHandler } from './release-hold.handler.js';

/** Tokens that are set aside for reservations of GPU time. */
export const holdSubject = defineSubject({
  name: 'hold',
  tables: [holdTable],
  projections: [holdProjection],
  controllers: [AccountsController],
  consumers: [MeteringConsumer],
  providers: [HoldTokensHandler, CaptureHoldHandler, ReleaseHoldHandler, HoldQuery],
  attested: [
    {
      name: 'holds',
      read: async (manager) =>
        (await manager.find(holdTable.entity)).map((row) => [
          row.holdId,
          holdTable.wire(row, ['accountId', 'quantity', 'captured', 'released', 'status']),
        ]),
    },
  ],
});
