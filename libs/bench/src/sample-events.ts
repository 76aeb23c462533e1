import { randomFillSync } from 'node:crypto';

/** About the size of a real event: some 214 bytes of data as JSON. A type, since the peer wants an index signature. */
export type SampleData = {
  readonly accountId: string;
  readonly amount: string;
  readonly seriesId: string;
  readonly reference: string;
  readonly memo: string;
};

const accountCount = 1_000;
const randomBytes = Buffer.alloc(8192);
let randomAt = randomBytes.length;

/** A UUIDv7, cheap enough not to be what is measured. */
export function uuidV7(nowMs: number): string {
  if (randomAt + 10 > randomBytes.length) {
    randomFillSync(randomBytes);
    randomAt = 0;
  }
  const time = nowMs.toString(16).padStart(12, '0');
  const tail = randomBytes.toString('hex', randomAt, randomAt + 10);
  randomAt += 10;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail.slice(6, 18)}`;
}

export function sampleData(ordinal: number): SampleData {
  const account = String(ordinal % accountCount).padStart(12, '0');
  return {
    accountId: `a0000000-0000-4000-8000-${account}`,
    amount: String(1_000_000 + ordinal),
    seriesId: '50000000-0000-4000-8000-000000000001',
    reference: `reference-${String(ordinal).padStart(12, '0')}`,
    memo: 'settled',
  };
}

export const sampleMetadata = {
  correlationId: 'c0000000-0000-4000-8000-000000000001',
  causationId: 'c0000000-0000-4000-8000-000000000002',
  actor: 'service:bench',
  idempotencyKey: null,
} as const;

/** The fold both sides run over a log: a balance per account. */
export class Balances {
  private readonly balances = new Map<string, bigint>();

  add(data: Pick<SampleData, 'accountId' | 'amount'>): void {
    this.balances.set(
      data.accountId,
      (this.balances.get(data.accountId) ?? 0n) + BigInt(data.amount),
    );
  }

  total(): bigint {
    let total = 0n;
    for (const balance of this.balances.values()) {
      total += balance;
    }
    return total;
  }
}
