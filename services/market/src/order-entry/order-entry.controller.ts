import { Controller, Get, Inject } from '@nestjs/common';
import { Caller, Operation, Problem, type CallerIdentity } from '@specie/nest-platform';
import { OrderEntryServer } from './order-entry-server.adapter.js';

/** Answers those who asked for order entry and are not served by WebSocket: why, and what to do. */
@Controller('order-entry')
export class OrderEntryController {
  constructor(@Inject(OrderEntryServer) private readonly server: OrderEntryServer) {}

  @Get()
  @Operation({
    summary: 'Connect to order entry by WebSocket',
    roles: ['founder', 'investor', 'provider-admin'],
    hidden: true,
    rejections: {
      order_entry_elsewhere: 503,
      too_many_order_connections: 429,
      order_entry_expects_websocket: 426,
    },
  })
  connect(@Caller() caller: CallerIdentity): never {
    throw (
      this.server.refusal(caller) ??
      new Problem(426, 'order_entry_expects_websocket', { headers: { Upgrade: 'websocket' } })
    );
  }
}
