import type { AppendOutcome, AppendRequest, EventStore } from '@specie/event-sourcing';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The Prometheus metrics of one service instance. Labels are route templates and codes, never ids. */
export class Metrics {
  readonly registry = new Registry();
  readonly httpSeconds: Histogram<'method' | 'route' | 'status'>;
  readonly problems: Counter<'code'>;
  readonly connectionsCut: Counter<'reason'>;
  readonly appendSeconds: Histogram<'outcome'>;
  readonly eventsAppended: Counter;
  readonly appendsPerCommit: Histogram;
  readonly relayLag: Gauge;
  readonly consumerLag: Gauge<'source' | 'partition'>;
  readonly consumerSeconds: Histogram<'source'>;
  readonly consumed: Counter<'source' | 'type'>;
  readonly retried: Counter<'source' | 'type'>;
  readonly repeated: Counter<'source' | 'partition'>;
  readonly haltedPartitions: Gauge<'source' | 'partition'>;
  readonly waitingSeconds: Gauge<'source'>;
  readonly parkedStreams: Gauge;
  readonly writer: Gauge;
  readonly sweepSeconds: Histogram<'sweep' | 'outcome'>;

  constructor(service: string) {
    const registers = [this.registry];
    this.registry.setDefaultLabels({ service });
    const histogram = <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
    ): Histogram<L> =>
      new Histogram({
        name,
        help,
        labelNames: [...labelNames],
        buckets: secondsBuckets,
        registers,
      });
    const counter = <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
    ): Counter<L> => new Counter({ name, help, labelNames: [...labelNames], registers });
    const gauge = <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
    ): Gauge<L> => new Gauge({ name, help, labelNames: [...labelNames], registers });
    this.httpSeconds = histogram('specie_http_seconds', 'Time to answer a request', [
      'method',
      'route',
      'status',
    ]);
    this.problems = counter('specie_problems_total', 'Requests answered with a problem', ['code']);
    this.connectionsCut = counter(
      'specie_connections_cut_total',
      'Connections cut because they asked for more than they took',
      ['reason'],
    );
    this.appendSeconds = histogram('specie_append_seconds', 'Time from append to durable', [
      'outcome',
    ]);
    this.eventsAppended = counter(
      'specie_events_appended_total',
      'Events appended by this instance',
      [],
    );
    this.appendsPerCommit = new Histogram({
      name: 'specie_append_waiting',
      help: 'Appends in flight when one more arrives, which the next commits share',
      buckets: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      registers,
    });
    this.relayLag = gauge(
      'specie_relay_lag_events',
      'Events in the log that are not published yet',
      [],
    );
    this.consumerLag = gauge('specie_consumer_lag_events', 'Events known but not handled yet', [
      'source',
      'partition',
    ]);
    this.consumerSeconds = histogram('specie_consumer_seconds', 'From commit to effect', [
      'source',
    ]);
    this.consumed = counter('specie_events_consumed_total', 'Events that took effect', [
      'source',
      'type',
    ]);
    this.retried = counter('specie_events_retried_total', 'Attempts that failed and are repeated', [
      'source',
      'type',
    ]);
    this.repeated = counter('specie_messages_repeated_total', 'Messages that came again', [
      'source',
      'partition',
    ]);
    this.haltedPartitions = gauge(
      'specie_halted_partition',
      '1 while what arrives cannot be the log of the source',
      ['source', 'partition'],
    );
    this.waitingSeconds = gauge(
      'specie_consumer_failing_seconds',
      'For how long the consumer of a source has been trying again; 0 when it is well',
      ['source'],
    );
    this.parkedStreams = gauge('specie_parked_streams', 'Streams that wait for an operator', []);
    this.writer = gauge('specie_writer', '1 on the instance that writes', []);
    this.sweepSeconds = histogram('specie_sweep_seconds', 'Time of one run of a sweep', [
      'sweep',
      'outcome',
    ]);
  }

  /** A gauge of the service itself, read when it is scraped; one that cannot be read keeps its last value. */
  addGauge(name: string, help: string, read: () => Promise<number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: () =>
        read().then(
          (value) => gauge.set(value),
          () => undefined,
        ),
    });
  }

  /** Adds memory, event loop and garbage collection of the process; once per process. */
  collectProcess(): void {
    collectDefaultMetrics({
      register: this.registry,
      // The default of 10 ms wakes an idle process 100 times a second.
      eventLoopMonitoringPrecision: 100,
    });
  }
}

/** The store with its appends measured. */
export function meteredStore(store: EventStore, metrics: Metrics): EventStore {
  let inFlight = 0;
  return {
    append: async (request: AppendRequest): Promise<AppendOutcome> => {
      metrics.appendsPerCommit.observe(inFlight);
      inFlight += 1;
      const startedAt = performance.now();
      try {
        const outcome = await store.append(request);
        metrics.appendSeconds.observe(
          { outcome: outcome.outcome },
          (performance.now() - startedAt) / 1_000,
        );
        if (outcome.outcome === 'appended') {
          metrics.eventsAppended.inc(outcome.events.length);
        }
        return outcome;
      } catch (error) {
        metrics.appendSeconds.observe(
          { outcome: 'failed' },
          (performance.now() - startedAt) / 1_000,
        );
        throw error;
      } finally {
        inFlight -= 1;
      }
    },
    readStream: (streamId, afterVersion) => store.readStream(streamId, afterVersion),
    replayStream: (streamId, afterVersion, onEvent) =>
      store.replayStream(streamId, afterVersion, onEvent),
    readAll: (afterPosition, limit) => store.readAll(afterPosition, limit),
    findAnswer: (scope, key) => store.findAnswer(scope, key),
  };
}
