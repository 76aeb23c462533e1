import { startPlatform, type Platform } from '@specie/local-platform';
import { ownResult, percentile, type BenchReport, type Progress } from './bench.js';
import { admit, callerOf, timed, untilTaken } from './bench-platform.js';
import { mintSeries } from './minted-series.js';

export interface IngestOptions {
  readonly recordCount?: number;
  readonly batchCount?: number;
  readonly progress?: Progress;
}

const warmUpCount = 6;
const secondsPerRecord = 60;

/** Usage records per second over HTTP, in batches, by two agents that report on a reservation each. */
export async function runIngest(options: IngestOptions = {}): Promise<BenchReport> {
  const { recordCount = 1_000, batchCount = 40, progress = () => undefined } = options;
  const platform = await startPlatform({ transport: 'postgres', onProgress: progress });
  try {
    const { agent, reservationIds } = await reserveTwice(platform);
    progress('two reservations confirmed');
    let recordNumber = 0;
    const startedAt = new Date(Date.now() - 2 * secondsPerRecord * 1_000).toISOString();
    const send = (reservationId: string): Promise<unknown> => {
      const records = Array.from({ length: recordCount }, () => ({
        source: 'bench',
        recordId: String((recordNumber += 1)),
        gpuCount: 1,
        startedAt,
        seconds: secondsPerRecord,
      }));
      return agent.post('metering', `/reservations/${reservationId}/usage`, { records });
    };
    const sendMany = async (count: number): Promise<readonly number[]> => {
      const lanes = reservationIds.map(async (reservationId) => {
        const taken: number[] = [];
        for (let batch = 0; batch < count / reservationIds.length; batch += 1) {
          taken.push(await timed(() => send(reservationId)));
        }
        return taken;
      });
      return (await Promise.all(lanes)).flat();
    };
    await sendMany(warmUpCount);
    let taken: readonly number[] = [];
    const tookMs = await timed(async () => (taken = await sendMany(batchCount)));
    const rate = Math.round((taken.length * recordCount * 1_000) / tookMs);
    const metric = `ingest_of_${recordCount}`;
    return {
      results: [
        ownResult(metric, rate, 'records/s'),
        ownResult(`${metric}_p50`, percentile(taken, 0.5), 'ms'),
      ],
    };
  } finally {
    await platform.stop();
  }
}

/** The provider of a series, and two confirmed reservations of one tenant. */
async function reserveTwice(platform: Platform) {
  const { provider: agent, seriesId, transfer } = await mintSeries(platform, 50_000);
  const tenant = await callerOf(platform, ['founder']);
  await admit(tenant, 'company');
  await transfer(tenant, 40_000);
  const reserve = async (): Promise<string> => {
    const reservation = await untilTaken(() =>
      tenant.post('metering', '/reservations', {
        seriesId,
        sku: 'H100-SXM',
        quantity: '20000.000000',
        usageFromAt: new Date(Date.now() - 86_400_000).toISOString(),
        expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      }),
    );
    const reservationId = String(reservation['id']);
    await untilTaken(async () => {
      const read = await tenant.get('metering', `/reservations/${reservationId}`);
      if (read['status'] !== 'confirmed') throw new Error(`it is ${String(read['status'])}`);
      return read;
    });
    return reservationId;
  };
  return { agent, reservationIds: [await reserve(), await reserve()] };
}
