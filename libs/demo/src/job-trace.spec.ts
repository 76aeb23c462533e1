import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import {
  jobTraceColumns,
  pacificToUtc,
  parseJobTraceRow,
  readJobTrace,
  type JobTraceRecord,
} from './job-trace.js';

const header = jobTraceColumns.join(',');
const folder = mkdtempSync(join(tmpdir(), 'specie-job-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string): Promise<JobTraceRecord[]> {
  const records: JobTraceRecord[] = [];
  for await (const record of readJobTrace(path)) {
    records.push(record);
  }
  return records;
}

const row = 'philly-00001,31567,7f04ca,2017-09-04 10:30:41,8,2240194,17921552';
const job = {
  recordId: 'philly-00001',
  tenant: '7f04ca',
  startedAt: '2017-09-04T17:30:41.000Z',
  gpuCount: 8,
  seconds: 2_240_194,
};

describe('A job trace', () => {
  it('is read plain or zipped, with any line end', async () => {
    expect(await read(fileOf('a.csv', `${header}\n${row}\n`))).toEqual([job]);
    expect(await read(fileOf('b.csv.gz', gzipSync(`\uFEFF${header}\r\n${row}\r\n${row}`)))).toEqual(
      [job, job],
    );
  });

  it.each([
    ['', 'line 1 of the job trace: expected the columns'],
    ['job,vc\n', 'line 1 of the job trace: expected the columns'],
    [`${header}\n${row}\n${row},x\n`, 'line 3 of the job trace: expected 7 columns, found 8'],
  ])('says what is wrong with the file %#', async (content, message) => {
    await expect(read(fileOf('bad.csv', content))).rejects.toThrow(message);
  });

  it('reports a file that is missing or not zipped', async () => {
    await expect(read(join(folder, 'absent.csv'))).rejects.toThrow('ENOENT');
    await expect(read(fileOf('plain.csv.gz', `${header}\n`))).rejects.toThrow(
      'incorrect header check',
    );
  });

  it.each([
    ['', 0, 'job_id'],
    ['Ada Lovelace', 2, 'vc'],
    ['2017-09-31 10:30:41', 3, 'submit_time_pacific'],
    ['0', 4, 'num_gpus'],
    ['8.5', 4, 'num_gpus'],
    ['-3', 5, 'run_seconds'],
    ['1e3', 5, 'run_seconds'],
    ['17921553', 6, 'gpu_seconds'],
  ])('names the column of a bad cell: "%s"', (cell, index, column) => {
    const cells = row.split(',');
    cells[index] = cell;
    expect(() => parseJobTraceRow(cells.join(','), 7)).toThrow(
      new RegExp(`^line 7 of the job trace: ${column}`),
    );
  });
});

describe('Pacific wall time', () => {
  it('is UTC-7 in summer and UTC-8 in winter', () => {
    expect(pacificToUtc('2017-09-04 00:00:00')).toBe('2017-09-04T07:00:00.000Z');
    expect(pacificToUtc('2017-12-01 23:59:59')).toBe('2017-12-02T07:59:59.000Z');
  });
  it('takes the ambiguous hour as its first run', () => {
    expect(pacificToUtc('2017-11-05 01:30:00')).toBe('2017-11-05T08:30:00.000Z');
    expect(pacificToUtc('2017-11-05 02:00:00')).toBe('2017-11-05T10:00:00.000Z');
  });
  it('refuses the hour that spring leaves out', () => {
    expect(() => pacificToUtc('2017-03-12 02:30:00')).toThrow('that existed');
  });
});

const dataFolder = resolve(import.meta.dirname, '../../../../shared/data/metering');
const trace = join(dataFolder, 'philly_jobs.csv.gz');

describe.skipIf(!existsSync(trace))(
  'The Philly trace (skipped without ../shared/data/metering/philly_jobs.csv.gz)',
  () => {
    it('sums to its published totals, in any order and with any repetition, by id', async () => {
      const jobs = await read(trace);
      const { philly } = JSON.parse(
        readFileSync(join(dataFolder, 'philly_totals.json'), 'utf8'),
      ) as {
        philly: {
          jobs: number;
          gpu_seconds: number;
          gpu_seconds_by_vc: Record<string, number>;
          jobs_by_vc: Record<string, number>;
        };
      };
      expect(jobs.length).toBe(82_247);
      expect(totalsOf(jobs)).toEqual({
        jobs: 82_247,
        gpuSeconds: 3_521_082_502,
        gpuSecondsByTenant: philly.gpu_seconds_by_vc,
      });
      expect(philly).toMatchObject({ jobs: 82_247, gpu_seconds: 3_521_082_502 });
      expect(totalsOf([...jobs.toReversed(), ...jobs.slice(0, 9_999)])).toEqual(totalsOf(jobs));
      const byContent = new Set(
        jobs.map(
          ({ tenant, startedAt, gpuCount, seconds }) =>
            `${tenant} ${startedAt} ${gpuCount} ${seconds}`,
        ),
      );
      expect(jobs.length - byContent.size).toBe(65);
      expect(jobs.filter(({ startedAt }) => startedAt.startsWith('2017-11-05T08')).length).toBe(7);
    });
  },
);

function totalsOf(jobs: readonly JobTraceRecord[]): unknown {
  const byId = new Map(jobs.map((entry) => [entry.recordId, entry]));
  const gpuSecondsByTenant: Record<string, number> = {};
  let gpuSeconds = 0;
  for (const { tenant, gpuCount, seconds } of byId.values()) {
    gpuSeconds += gpuCount * seconds;
    gpuSecondsByTenant[tenant] = (gpuSecondsByTenant[tenant] ?? 0) + gpuCount * seconds;
  }
  return { jobs: byId.size, gpuSeconds, gpuSecondsByTenant };
}
