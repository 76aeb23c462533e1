/**
 * The platform's one H100-equivalence table: integer ppm of an H100 SXM, the lower of the dense-peak
 * ratio and the measured training ratio. A version never changes; a new table is a new version, and a
 * reservation keeps the version it was made with.
 */
export const h100eWeightVersion = 1;

export const h100eWeightsPpm = {
  'H100-SXM': 1_000_000n,
  'H100-PCIE': 764_528n,
  H200: 1_000_000n,
  'A100-80GB': 315_311n,
  B200: 2_186_000n,
  GB200: 2_186_000n,
  L40S: 365_841n,
  MI300X: 890_000n,
} as const;

export type GpuSku = keyof typeof h100eWeightsPpm;

export const gpuSkus = Object.keys(h100eWeightsPpm) as readonly GpuSku[];

/** The weight of a SKU in ppm under a table version, or null if that version does not list it. */
export function h100eWeightPpm(sku: string, version: number): bigint | null {
  if (version !== h100eWeightVersion || !Object.hasOwn(h100eWeightsPpm, sku)) {
    return null;
  }
  return h100eWeightsPpm[sku as GpuSku];
}
