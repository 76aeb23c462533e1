/** For a `bigint` or `numeric` column, which the driver gives as text. */
export const asBigint = {
  from: (text: string): bigint => BigInt(text),
  to: (value: bigint): string => value.toString(),
};

/** As `asBigint`, where the numbers stay below 2^53: counts, versions, positions. */
export const asNumber = {
  from: (text: string): number => Number(text),
  to: (value: number): number => value,
};
