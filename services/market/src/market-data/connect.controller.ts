import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Operation, Problem } from '@specie/nest-platform';
import { MarketDataServer } from './market-data-server.adapter.js';

/** Answers those who asked for the market data and are not served by WebSocket: why, and what to do. */
@Controller('market-data')
export class MarketDataController {
  constructor(@Inject(MarketDataServer) private readonly server: MarketDataServer) {}

  @Get()
  @Operation({
    summary: 'Connect to the market data by WebSocket',
    roles: 'public',
    hidden: true,
    rejections: {
      market_data_elsewhere: 503,
      too_many_connections: 503,
      too_many_connections_of_address: 429,
      websocket_expected: 426,
    },
  })
  connect(@Req() request: IncomingMessage): never {
    throw (
      this.server.refusal(request) ??
      new Problem(426, 'websocket_expected', { headers: { Upgrade: 'websocket' } })
    );
  }
}
