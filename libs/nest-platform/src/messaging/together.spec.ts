import { TransientEventError } from '@specie/event-bus';
import { describe, expect, it } from 'vitest';
import { Together } from './together.js';

/** Runs the numbers at once; groups that hold one of `unfit` fail as a whole, and so does each of those alone. */
async function outcomes(
  numbers: readonly number[],
  { unfit = [], error }: { readonly unfit?: readonly number[]; readonly error?: Error } = {},
) {
  const groups: (readonly number[])[] = [];
  const attempt = (group: readonly number[]): Promise<void> => {
    groups.push(group);
    return group.some((one) => unfit.includes(one))
      ? Promise.reject(error ?? new Error('does not fit'))
      : Promise.resolve();
  };
  const together = new Together<number>({
    groupSizeMax: 3,
    together: attempt,
    alone: (one) => attempt([one]),
  });
  const settled = await Promise.allSettled(numbers.map((one) => together.run(one)));
  return { groups, failed: numbers.filter((_one, index) => settled[index]?.status === 'rejected') };
}

describe('Work that is done together', () => {
  it('takes what waits in groups up to their size, in order', async () => {
    expect(await outcomes([1, 2, 3, 4])).toEqual({ groups: [[1, 2, 3], [4]], failed: [] });
  });

  it('is done alone where one stands in the way of its group, and only that one fails', async () => {
    expect(await outcomes([1, 2, 3, 4, 5], { unfit: [2] })).toEqual({
      groups: [[1, 2, 3], [1], [2], [3], [4, 5]],
      failed: [2],
    });
  });

  it('is tried again as a whole after a transient failure', async () => {
    const error = new TransientEventError('the database is away');
    expect(await outcomes([1, 2, 3, 4], { unfit: [2], error })).toEqual({
      groups: [[1, 2, 3], [4]],
      failed: [1, 2, 3],
    });
  });
});
