import { Controller, Get, Inject, Put } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { partyParams } from '../shard/party.dto.js';
import {
  killSwitchRequest,
  killSwitchResponse,
  orderLimitRequest,
  orderLimitResponse,
} from './control.dto.js';
import { ControlQuery } from './control.query.js';
import { setKillSwitchStatus } from './control.refusals.js';
import { SetKillSwitchHandler } from './set-kill-switch.handler.js';
import { SetOrderLimitHandler } from './set-order-limit.handler.js';

const traders = ['founder', 'investor', 'provider-admin'] as const;
const readers = [...traders, 'market-operator', 'auditor'] as const;

const setOwn = {
  summary: 'Engage or release your own kill switch',
  description:
    'Engaged, all open orders of yours are cancelled and new ones are refused. What an operator engaged only an operator releases.',
  roles: traders,
  body: killSwitchRequest,
  response: writeResponse,
  status: 200,
  rejections: setKillSwitchStatus,
} as const;

const setAny = {
  summary: 'Engage or release the kill switch of a party',
  description: 'A party that engaged its own switch as well stays stopped until it releases it.',
  roles: ['market-operator'],
  params: partyParams,
  body: killSwitchRequest,
  response: writeResponse,
  status: 200,
} as const;

const own = {
  summary: 'Show your own kill switch',
  description: 'Whether it is engaged, and by whom.',
  roles: traders,
  response: killSwitchResponse,
} as const;

const any = {
  summary: 'Show the kill switch of a party',
  description: 'Your own; operator and auditor see all.',
  roles: readers,
  params: partyParams,
  response: killSwitchResponse,
  rejections: { not_your_account: 403 },
} as const;

const setLimit = {
  summary: 'Limit the open orders of a party',
  description: 'Orders that are open already stay open; 0 lifts the limit.',
  roles: ['market-operator'],
  params: partyParams,
  body: orderLimitRequest,
  response: writeResponse,
  status: 200,
} as const;

const limit = {
  summary: 'Show how many open orders a party may have',
  description: 'Your own limit; operator and auditor see all.',
  roles: readers,
  params: partyParams,
  response: orderLimitResponse,
  rejections: { not_your_account: 403 },
} as const;

@Controller()
export class ControlsController {
  constructor(
    @Inject(SetKillSwitchHandler) private readonly setKillSwitch: SetKillSwitchHandler,
    @Inject(SetOrderLimitHandler) private readonly setOrderLimit: SetOrderLimitHandler,
    @Inject(ControlQuery) private readonly controls: ControlQuery,
  ) {}

  @Put('kill-switch')
  @Operation(setOwn)
  setOwn(@Input() { body }: InputOf<typeof setOwn>, @Command() context: CommandContext) {
    const command = { ...body, partyId: context.actor, by: 'party' } as const;
    return answerOf(this.setKillSwitch.handle(command, context), setKillSwitchStatus);
  }

  @Put('parties/:partyId/kill-switch')
  @Operation(setAny)
  setAny(@Input() { params, body }: InputOf<typeof setAny>, @Command() context: CommandContext) {
    const command = { ...params, ...body, by: 'operator' } as const;
    return answerOf(this.setKillSwitch.handle(command, context), setKillSwitchStatus);
  }

  @Get('kill-switch')
  @Operation(own)
  own(@Caller() caller: CallerIdentity) {
    return this.controls.killSwitch(caller.partyId, caller);
  }

  @Get('parties/:partyId/kill-switch')
  @Operation(any)
  any(@Input() { params }: InputOf<typeof any>, @Caller() caller: CallerIdentity) {
    return this.controls.killSwitch(params.partyId, caller);
  }

  @Put('parties/:partyId/order-limit')
  @Operation(setLimit)
  setLimit(
    @Input() { params, body }: InputOf<typeof setLimit>,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.setOrderLimit.handle({ ...params, ...body }, context), {});
  }

  @Get('parties/:partyId/order-limit')
  @Operation(limit)
  limit(@Input() { params }: InputOf<typeof limit>, @Caller() caller: CallerIdentity) {
    return this.controls.orderLimit(params.partyId, caller);
  }
}
