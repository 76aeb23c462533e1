import { type JobTraceRecord, readJobTrace } from '../job-trace.js';

/** The job trace by tenant. */
export interface Usage {
  readonly jobCount: number;
  readonly gpuSeconds: bigint;
  /** Tenants in descending order of use. */
  readonly tenants: readonly {
    readonly tenant: string;
    readonly records: readonly JobTraceRecord[];
    readonly gpuSeconds: bigint;
  }[];
}

/** Reads a whole trace. @throws JobTraceError on the first bad row. */
export async function loadUsage(path: string): Promise<Usage> {
  const byTenant = new Map<
    string,
    { tenant: string; records: JobTraceRecord[]; gpuSeconds: bigint }
  >();
  let jobCount = 0;
  let gpuSeconds = 0n;
  for await (const record of readJobTrace(path)) {
    const known = byTenant.get(record.tenant) ?? {
      tenant: record.tenant,
      records: [],
      gpuSeconds: 0n,
    };
    byTenant.set(record.tenant, known);
    const used = BigInt(record.gpuCount) * BigInt(record.seconds);
    known.records.push(record);
    known.gpuSeconds += used;
    gpuSeconds += used;
    jobCount += 1;
  }
  if (jobCount === 0) throw new Error(`${path} has no jobs`);
  const tenants = [...byTenant.values()].sort((a, b) =>
    a.gpuSeconds === b.gpuSeconds ? 0 : a.gpuSeconds > b.gpuSeconds ? -1 : 1,
  );
  return { jobCount, gpuSeconds, tenants };
}

/** Whole tokens that cover GPU-seconds of an H100, rounded up. */
export function tokensFor(gpuSeconds: bigint): bigint {
  return (gpuSeconds + 3_599n) / 3_600n;
}
