import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One finished job of a GPU cluster. Its id names it permanently; two jobs with equal content are two jobs. */
export interface JobTraceRecord {
  readonly recordId: string;
  readonly tenant: string;
  /** UTC instant, ISO 8601 with milliseconds. */
  readonly startedAt: string;
  readonly gpuCount: number;
  readonly seconds: number;
}

/** A trace that cannot be read: which line, which column, and what was expected there. */
export class JobTraceError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line} of the job trace: ${message}`);
    this.name = 'JobTraceError';
    this.line = line;
  }
}

export const jobTraceColumns = [
  'job_id',
  'src_row',
  'vc',
  'submit_time_pacific',
  'num_gpus',
  'run_seconds',
  'gpu_seconds',
] as const;
type Column = (typeof jobTraceColumns)[number];

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/;
const wallTimePattern = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;
const wholePattern = /^(0|[1-9]\d{0,9})$/;
const countMax = 1_000_000_000;

/**
 * Reads a job trace, `.csv` or `.csv.gz`, row by row in the order of the file.
 *
 * @throws JobTraceError on the first row that is not what the header promises.
 */
export async function* readJobTrace(path: string): AsyncGenerator<JobTraceRecord> {
  let line = 0;
  for await (const row of linesOf(path)) {
    line += 1;
    if (line === 1) {
      checkHeader(row);
    } else if (row !== '') {
      yield parseJobTraceRow(row, line);
    }
  }
  if (line === 0) {
    checkHeader('');
  }
}

/** The lines of a file, unzipped if its name says so. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of contentOf(path)) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.map((line) => line.replace(/\r$/, ''));
  }
  if (rest !== '') {
    yield rest;
  }
}

function contentOf(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) {
    return file;
  }
  const unzipped = createGunzip();
  // `pipe` does not carry errors: a file that cannot be read must end the reader, too.
  file.on('error', (error) => unzipped.destroy(error));
  unzipped.on('close', () => file.destroy());
  return file.pipe(unzipped);
}

/** One row of the trace. @throws JobTraceError naming the column that is wrong. */
export function parseJobTraceRow(row: string, line: number): JobTraceRecord {
  const cells = row.split(',');
  if (cells.length !== jobTraceColumns.length) {
    throw new JobTraceError(
      line,
      `expected ${jobTraceColumns.length} columns, found ${cells.length}`,
    );
  }
  const cell = (column: Column): string => cells[jobTraceColumns.indexOf(column)] ?? '';
  const gpuCount = wholeNumber(cell('num_gpus'), 'num_gpus', line);
  const seconds = wholeNumber(cell('run_seconds'), 'run_seconds', line);
  if (
    BigInt(gpuCount) * BigInt(seconds) !==
    BigInt(wholeText(cell('gpu_seconds'), 'gpu_seconds', line))
  ) {
    throw new JobTraceError(line, 'gpu_seconds is not num_gpus times run_seconds');
  }
  return {
    recordId: identifier(cell('job_id'), 'job_id', line),
    tenant: identifier(cell('vc'), 'vc', line),
    startedAt: pacificToUtc(cell('submit_time_pacific'), line),
    gpuCount,
    seconds,
  };
}

function checkHeader(row: string): void {
  const header = row.replace(/^\uFEFF/, '');
  if (header !== jobTraceColumns.join(',')) {
    throw new JobTraceError(1, `expected the columns ${jobTraceColumns.join(',')}`);
  }
}

function identifier(text: string, column: Column, line: number): string {
  if (!idPattern.test(text)) {
    throw new JobTraceError(line, `${column} is not an id of letters, digits and . _ : / -`);
  }
  return text;
}

function wholeText(text: string, column: Column, line: number): string {
  if (!/^(0|[1-9]\d{0,17})$/.test(text)) {
    throw new JobTraceError(line, `${column} is not a whole number`);
  }
  return text;
}

function wholeNumber(text: string, column: Column, line: number): number {
  const value = Number(wholePattern.test(text) ? text : Number.NaN);
  if (!(value >= 1 && value <= countMax)) {
    throw new JobTraceError(line, `${column} is not a whole number from 1 to ${countMax}`);
  }
  return value;
}

const pacificWallTime = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Los_Angeles',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
/** Hours to add to Pacific daylight and Pacific standard time; in this order the ambiguous hour is its first run. */
const pacificOffsetsHours = [7, 8] as const;

/** The UTC instant of a Pacific wall time. The hour that autumn repeats is taken as its first run, before the change. */
export function pacificToUtc(wallTime: string, line = 0): string {
  const match = wallTimePattern.exec(wallTime);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1).map(Number);
  for (const offsetHours of pacificOffsetsHours) {
    const instant = new Date(
      Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, (hour ?? NaN) + offsetHours, minute, second),
    );
    if (
      !Number.isNaN(instant.getTime()) &&
      pacificWallTime.format(instant).replace(', ', ' ') === wallTime
    ) {
      return instant.toISOString();
    }
  }
  throw new JobTraceError(
    line,
    'submit_time_pacific is not a Pacific wall time "YYYY-MM-DD hh:mm:ss" that existed',
  );
}
