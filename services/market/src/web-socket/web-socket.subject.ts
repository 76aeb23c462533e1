import { HttpAdapterHost } from '@nestjs/core';
import { defineSubject } from '@specie/nest-platform';
import { WebSocketUpgrades } from './web-socket-upgrades.adapter.js';

/** WebSockets on the port of the service. */
export const webSocketSubject = defineSubject({
  name: 'web-socket',
  providers: [
    {
      provide: WebSocketUpgrades,
      useFactory: (http: HttpAdapterHost) => new WebSocketUpgrades(http),
      inject: [HttpAdapterHost],
    },
  ],
});
