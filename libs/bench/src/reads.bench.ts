import { randomUUID } from 'node:crypto';
import { startPlatform } from '@specie/local-platform';
import {
  ownResult,
  percentile,
  type BenchReport,
  type BenchResult,
  type Progress,
} from './bench.js';
import {
  admit,
  callerOf,
  dayFromNow,
  inTurns,
  pause,
  timed,
  untilTaken,
  type BenchCaller,
} from './bench-platform.js';

export interface ReadsOptions {
  readonly seriesCount?: number;
  readonly classCount?: number;
  readonly progress?: Progress;
}

const repeatCount = 20;
const skus = ['H100-SXM', 'H100-PCIE', 'H200', 'A100-80GB', 'B200', 'GB200', 'L40S', 'MI300X'];

/**
 * Milliseconds of the reads whose work grows with what their owner created, over HTTP: coverage of a provider whose
 * series each choose three of eight SKUs, and the cap table of a company whose founder holds shares of many classes. Between reads
 * of the coverage a mint changes what it is about, so none is answered from memory; meanwhile `/health/live` shows
 * what another caller notices.
 */
export async function runReads(options: ReadsOptions = {}): Promise<BenchReport> {
  const { seriesCount = 200, classCount = 1_001, progress = () => undefined } = options;
  const platform = await startPlatform({ transport: 'postgres', onProgress: progress });
  try {
    const provider = await callerOf(platform, ['provider-admin']);
    const founder = await callerOf(platform, ['founder']);
    await admit(provider, 'provider');
    await admit(founder, 'company');
    const seriesIds = await openSeries(provider, seriesCount);
    progress(`${seriesCount} series of one provider`);
    const capTable = await fillCapTable(founder, classCount);
    progress(`${classCount} share classes of one company`);
    const coverage = `/providers/${provider.partyId}/coverage`;
    const alive = beatOf(platform.url('issuance'));
    const [reads, mints]: [number[], number[]] = [[], []];
    for (let round = 0; round < repeatCount; round += 1) {
      const mint = `/series/${seriesIds[round % seriesCount] ?? ''}/mints`;
      mints.push(await timed(() => provider.post('issuance', mint, { quantity: '1.000000' })));
      reads.push(await timed(() => provider.get('issuance', coverage)));
    }
    const beats = await alive.stop();
    const again = await samples(() => provider.get('issuance', coverage));
    const tables = await samples(() => founder.get('deals', capTable));
    return {
      results: [
        ...resultsOf(`coverage_of_${seriesCount}_series`, reads),
        ...resultsOf(`coverage_of_${seriesCount}_series_unchanged`, again),
        ...resultsOf(`mint_among_${seriesCount}_series`, mints),
        ...resultsOf(`health_during_coverage_of_${seriesCount}_series`, beats),
        ...resultsOf(`cap_table_of_${classCount}_classes`, tables),
      ],
    };
  } finally {
    await platform.stop();
  }
}

async function openSeries(provider: BenchCaller, count: number): Promise<readonly string[]> {
  const { partyId, platform } = provider;
  const auditor = await callerOf(platform, ['auditor']);
  await untilTaken(() => provider.post('issuance', '/providers', { uptimeHaircutBps: 0 }));
  const commitments = `/providers/${partyId}/capacity-commitments`;
  const skuOf = (index: number): string => skus[index % skus.length] ?? 'H200';
  return inTurns(count, async (index) => {
    const firstDay = (index * 1_613) % 1_500;
    const { id } = await provider.post('issuance', commitments, {
      sku: skuOf(index),
      gpuCount: 64,
      fromOn: dayFromNow(firstDay),
      toOn: dayFromNow(firstDay + 400),
    });
    await auditor.post('issuance', `${commitments}/${String(id)}/attestations`, {
      evidenceHash: 'ab'.repeat(32),
    });
    const series = await provider.post('issuance', '/series', {
      windowFromOn: dayFromNow(firstDay),
      windowToOn: dayFromNow(firstDay + 30 + ((index * 37) % 335)),
      skus: [...new Set([index, index + 1, index * 7].map(skuOf))],
      region: 'eu-north',
      transferable: true,
    });
    const seriesId = String(series['id']);
    await provider.post('issuance', `/series/${seriesId}/mints`, { quantity: '5000.000000' });
    return seriesId;
  });
}

/** @returns the path of the cap table */
async function fillCapTable(founder: BenchCaller, classCount: number): Promise<string> {
  const company = { directorPartyIds: [randomUUID()] };
  const { id } = await untilTaken(() => founder.post('deals', '/companies', company));
  const path = `/companies/${String(id)}`;
  await inTurns(classCount, async () => {
    const kind = { kind: 'common', authorised: '1000000' };
    const { id: classId } = await founder.post('deals', `${path}/share-classes`, kind);
    const issue = { classId, holderPartyId: founder.partyId, shares: '1000' };
    await founder.post('deals', `${path}/founding-issuances`, issue);
  });
  return `${path}/cap-table`;
}

/** Asks `/health/live` all the while. */
function beatOf(url: string): { stop(): Promise<readonly number[]> } {
  const beats: number[] = [];
  let isOver = false;
  const beating = (async () => {
    while (!isOver) {
      beats.push(await timed(() => fetch(`${url}/health/live`).then((reply) => reply.text())));
      await pause(1);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await beating;
      return beats;
    },
  };
}

async function samples(run: () => Promise<unknown>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let round = 0; round < repeatCount; round += 1) {
    taken.push(await timed(run));
  }
  return taken;
}

function resultsOf(metric: string, taken: readonly number[]): readonly BenchResult[] {
  return [
    ownResult(`${metric}_p50`, percentile(taken, 0.5), 'ms'),
    ownResult(`${metric}_max`, Math.max(...taken), 'ms'),
  ];
}
