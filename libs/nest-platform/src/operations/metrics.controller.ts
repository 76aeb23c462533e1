import { Controller, Get, Inject } from '@nestjs/common';
import { SpecieEventServer } from '@specie/event-bus';
import { Operation } from '../http/operation.js';
import { Metrics } from '../metrics.js';
import { RELAY_LAG, type RelayLag } from '../runtime/tokens.js';
import { WriterRole } from '../runtime/writer-role.js';

/** For Prometheus. Gauges that need a query are read when they are scraped. */
@Controller('metrics')
export class MetricsController {
  private readonly metrics: Metrics;
  private readonly events: SpecieEventServer;
  private readonly role: WriterRole;
  private readonly relayLag: RelayLag;

  constructor(
    @Inject(Metrics) metrics: Metrics,
    @Inject(SpecieEventServer) events: SpecieEventServer,
    @Inject(WriterRole) role: WriterRole,
    @Inject(RELAY_LAG) relayLag: RelayLag,
  ) {
    this.metrics = metrics;
    this.events = events;
    this.role = role;
    this.relayLag = relayLag;
  }

  @Get()
  @Operation({
    summary: 'Prometheus metrics',
    roles: 'public',
    produces: 'text/plain; version=0.0.4; charset=utf-8',
  })
  async scrape(): Promise<string> {
    this.metrics.writer.set(this.role.isWriter ? 1 : 0);
    // A database that is away must not hide the metrics that would show it.
    await Promise.allSettled([
      this.relayLag().then((lag) => this.metrics.relayLag.set(lag)),
      this.events.parked().then((parked) => this.metrics.parkedStreams.set(parked.length)),
    ]);
    return this.metrics.registry.metrics();
  }
}
