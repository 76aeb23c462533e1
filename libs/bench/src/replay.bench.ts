import { type BenchReport, type Progress } from './bench.js';
export async function runReplay(_options: { readonly progress?: Progress }): Promise<BenchReport> {
  return { results: [] };
}
