import { Controller, Get, Inject } from '@nestjs/common';
import { Operation } from '../http/operation.js';
import { Metrics } from '../metrics.js';
import { ServiceStatus } from '../instance/service-status.js';
import { singleFlight } from './single-flight.js';

/** For Prometheus. Gauges that need a query are read when they are scraped. */
@Controller('metrics')
export class MetricsController {
  private readonly metrics: Metrics;
  private readonly status: ServiceStatus;
  /** Gathering them takes queries; many who ask at once get what one gets. */
  private readonly shared = singleFlight(() => this.gather());

  constructor(@Inject(Metrics) metrics: Metrics, @Inject(ServiceStatus) status: ServiceStatus) {
    this.metrics = metrics;
    this.status = status;
  }

  @Get()
  @Operation({
    summary: 'Show metrics',
    description: 'In the text format of Prometheus.',
    roles: 'public',
    port: 'management',
    produces: 'text/plain; version=0.0.4; charset=utf-8',
  })
  scrape(): Promise<string> {
    return this.shared();
  }

  private async gather(): Promise<string> {
    this.metrics.writer.set(this.status.role.isWriter ? 1 : 0);
    this.metrics.relayLag.set(this.status.relayLagEvents());
    for (const { source, since } of this.status.consumption().sources) {
      const waitedMs = since === null ? 0 : Date.now() - Date.parse(since);
      this.metrics.waitingSeconds.set({ source }, Math.max(0, waitedMs) / 1_000);
    }
    // A database that is away must not hide the metrics that would show it.
    await this.status.parked().then(
      (parked) => this.metrics.parkedStreams.set(parked.length),
      () => undefined,
    );
    return this.metrics.registry.metrics();
  }
}
