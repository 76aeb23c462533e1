import { describe, expect, it, vi } from 'vitest';
import { ListRefusedError } from './list-file.js';
import type { OfacList } from './ofac-list.js';
import { decideOnList, type AcceptedList } from './sanctions-list.decider.js';

const counts = { entryCount: 10, aliasCount: 5, addressCount: 5 };
const inForce: AcceptedList = { version: 'current', inForce: true, ...counts };
const before: AcceptedList = { version: 'before', inForce: false, ...counts };
const list: OfacList = { entries: [], ...counts };

function decide(
  version: string,
  { read = () => list, named = '', known = [before, inForce] } = {},
) {
  return decideOnList({ version, read }, { known, acceptedVersion: named });
}

describe('The files at hand', () => {
  it('are taken in place of the list in force', () => {
    expect(decide('newer')).toEqual({ outcome: 'taken', list, replaces: 'current' });
    expect(decide('newer', { known: [] })).toEqual({ outcome: 'taken', list, replaces: null });
  });

  it('are not read where they are in force', () => {
    const read = vi.fn(() => list);
    expect(decide('current', { read })).toEqual({ outcome: 'in_force' });
    expect(read).not.toHaveBeenCalled();
  });

  it('are refused where they are older, unless their version is named', () => {
    const problems = ['older than the list in force'];
    expect(decide('before')).toEqual({
      outcome: 'refused',
      refusal: { version: 'before', problems },
    });
    expect(decide('before', { named: 'before' })).toMatchObject({ outcome: 'taken' });
  });

  it('are refused below nine tenths of the rows, unless their version is named', () => {
    const read = (entryCount: number) => () => ({ ...list, entryCount });
    expect(decide('newer', { read: read(9) })).toMatchObject({ outcome: 'taken' });
    expect(decide('newer', { read: read(8) })).toMatchObject({
      refusal: { version: 'newer', problems: ['sdn.csv: file_shrunk'] },
    });
    expect(decide('newer', { read: read(8), named: 'newer' })).toMatchObject({ outcome: 'taken' });
  });

  it('are refused by line where they are damaged', () => {
    const read = (): OfacList => {
      throw new ListRefusedError([{ file: 'sdn.csv', line: 2, reason: 'quotes_unbalanced' }]);
    };
    expect(decide('newer', { read })).toMatchObject({
      refusal: { problems: ['sdn.csv line 2: quotes_unbalanced'] },
    });
    const fail = (): OfacList => {
      throw new Error('a bug');
    };
    expect(() => decide('newer', { read: fail })).toThrow('a bug');
  });
});
