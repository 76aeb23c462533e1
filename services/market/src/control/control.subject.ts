import { defineSubject } from '@specie/nest-platform';
import { ControlsController } from './control.controller.js';
import { controlProjection } from './control.projection.js';
import { ControlQuery } from './control.query.js';
import { controlRefusals } from './control.refusals.js';
import { controlTable } from './control.table.js';
import { CreateControls1732079100000 } from './create-controls.migration.js';
import { SetKillSwitchHandler } from './set-kill-switch.handler.js';
import { SetOrderLimitHandler } from './set-order-limit.handler.js';

/** What stops or limits the orders of a party: its kill switch, its limit of open orders. */
export const controlSubject = defineSubject({
  name: 'control',
  tables: [controlTable],
  migrations: [CreateControls1732079100000],
  projections: [controlProjection],
  controllers: [ControlsController],
  providers: [SetKillSwitchHandler, SetOrderLimitHandler, ControlQuery],
  refusals: controlRefusals,
  tags: { controls: 'Kill switches, and how many orders a party may have open.' },
});
