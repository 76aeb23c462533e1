import { Controller, Get, Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { SERVICE_DEFINITION, type ServiceDefinition } from '../definition.js';
import { Operation } from '../http/operation.js';
import { StatusReply } from '../serving/problem.filter.js';
import { mergeSubjects } from '../merged-subjects.js';
import { ServiceStatus } from '../instance/service-status.js';
import { singleFlight } from './single-flight.js';
import type { HealthSignal } from '../subject.js';
import { busHealth } from './bus-health.js';

const indicatorTimeoutMs = 2_000;
/** More unpublished events than this is worth a look; the service itself still works. */
const relayLagEventsMax = 10_000;

const liveResponse = z.strictObject({
  status: z.literal('ok').meta({ description: 'The process is running.' }),
});
const readyResponse = z.strictObject({
  status: z
    .enum(['ok', 'degraded', 'error', 'shutting_down'])
    .meta({ description: '`degraded`: the instance serves requests but needs attention.' }),
  details: z
    .record(
      z
        .string()
        .max(64)
        .meta({ examples: ['database'] }),
      z.looseObject({
        status: z.enum(['up', 'down', 'degraded']).meta({ description: 'The state of this part.' }),
      }),
    )
    .meta({ description: 'Each part with its state and details.' }),
});

/** Liveness and readiness. What they tell carries no ids of parties, so they are public. */
@Controller('health')
export class HealthController {
  private readonly checks: HealthCheckService;
  private readonly indicators: HealthIndicatorService;
  private readonly dataSource: DataSource;
  private readonly status: ServiceStatus;
  private readonly definition: ServiceDefinition;
  private readonly injector: ModuleRef;
  /** It takes queries and anybody may ask; who asks while it runs gets the same answer. */
  private readonly shared = singleFlight(() => this.check());

  constructor(
    @Inject(HealthCheckService) checks: HealthCheckService,
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
    @Inject(DataSource) dataSource: DataSource,
    @Inject(ServiceStatus) status: ServiceStatus,
    @Inject(SERVICE_DEFINITION) definition: ServiceDefinition,
    @Inject(ModuleRef) injector: ModuleRef,
  ) {
    this.checks = checks;
    this.indicators = indicators;
    this.dataSource = dataSource;
    this.status = status;
    this.definition = definition;
    this.injector = injector;
  }

  @Get('live')
  @Operation({
    summary: 'Check liveness',
    description: 'Answers while the process runs; checks nothing else.',
    roles: 'public',
    port: 'both',
    unlimited: true,
    response: liveResponse,
  })
  live(): z.output<typeof liveResponse> {
    return { status: 'ok' };
  }

  @Get('ready')
  @Operation({
    summary: 'Check readiness',
    description:
      'Checks the database, event bus, relay lag, parked streams, halted partitions, sweeps and the writer role; 503 when the instance cannot serve.',
    roles: 'public',
    port: 'both',
    unlimited: true,
    response: readyResponse,
  })
  async ready(): Promise<z.output<typeof readyResponse>> {
    const body = await this.shared();
    if (body.status === 'error' || body.status === 'shutting_down') {
      throw new StatusReply(503, body);
    }
    return body;
  }

  private async check(): Promise<z.output<typeof readyResponse>> {
    const { status, details } = await this.checks
      .check([
        () =>
          this.indicators
            .check('database')
            .attempt(async () => {
              // The text of the driver's error names hosts and ports, and this page is public.
              await this.dataSource.query('select 1').catch(() => {
                throw new Error('no answer');
              });
            })
            .withTimeout(indicatorTimeoutMs),
        () => this.bus(),
        () => this.relay(),
        () => this.parked(),
        () => this.halts(),
        () => this.sweeps(),
        () => this.writer(),
        ...(await this.ofService()),
      ])
      .catch((error: unknown) => resultOf(error));
    return { status, details } as z.output<typeof readyResponse>;
  }

  private async ofService() {
    const { health } = mergeSubjects(this.definition.subjects);
    const signals = await health(this.injector).catch(unknownHealth);
    return signals.map(({ name, isDegraded, details }) => () => {
      const indicator = this.indicators.check(name);
      return isDegraded ? indicator.degraded(details) : indicator.up(details);
    });
  }

  private bus() {
    const indicator = this.indicators.check('bus');
    const { isDegraded, shown } = busHealth(this.status.consumption());
    return isDegraded ? indicator.degraded(shown) : indicator.up(shown);
  }

  private relay() {
    const indicator = this.indicators.check('relay');
    const shown = { state: this.status.relayState(), lagEvents: this.status.relayLagEvents() };
    if (shown.state === 'diverged') {
      // What is accepted now would be lost when the log is restored: others must not send more.
      return indicator.down(shown);
    }
    const isBehind = shown.lagEvents > relayLagEventsMax || shown.state === 'failing';
    return isBehind ? indicator.degraded(shown) : indicator.up(shown);
  }

  private async parked() {
    const indicator = this.indicators.check('parked');
    try {
      const streamCount = (await this.status.parked()).length;
      return streamCount > 0 ? indicator.degraded({ streamCount }) : indicator.up({ streamCount });
    } catch {
      return indicator.degraded({ streamCount: 'unknown' });
    }
  }

  private async halts() {
    const indicator = this.indicators.check('halts');
    try {
      const halts = (await this.status.halts()).map(({ source, partition, reason, ...halt }) => ({
        source,
        partition,
        reason,
        position: halt.position,
        offset: halt.kafkaOffset?.toString() ?? null,
        haltedAt: halt.haltedAt,
      }));
      return halts.length > 0 ? indicator.degraded({ halts }) : indicator.up({ halts });
    } catch {
      return indicator.degraded({ halts: 'unknown' });
    }
  }

  private sweeps() {
    const indicator = this.indicators.check('sweeps');
    const failing = this.status.failingSweeps();
    return failing.length > 0 ? indicator.degraded({ failing }) : indicator.up({ failing });
  }

  private async writer() {
    const indicator = this.indicators.check('writer');
    const { state, isExclusive } = this.status.role;
    if (!isExclusive) {
      return state === 'writer'
        ? indicator.up({ role: 'shared' })
        : indicator.down({ role: 'starting' });
    }
    if (state === 'writer') {
      return indicator.up({ role: 'writer' });
    }
    const known = await this.status.role.writerUrl().catch(() => null);
    // A standby answers reads and forwards writes; only without any writer is there nothing to forward to.
    return known === null
      ? indicator.down({ role: state, writerKnown: false })
      : indicator.up({ role: 'standby' });
  }
}

/** A database that does not answer is told by its own indicator. */
function unknownHealth(): readonly HealthSignal[] {
  return [{ name: 'service', isDegraded: true, details: { state: 'unknown' } }];
}

/** Terminus throws its result when a check is down. */
function resultOf(error: unknown): { readonly status: string; readonly details: unknown } {
  const { response } = error as {
    readonly response?: { readonly status: string; readonly details: unknown };
  };
  if (!response) {
    throw error;
  }
  return response;
}
