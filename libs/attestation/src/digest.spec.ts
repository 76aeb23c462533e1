import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOfCollection, digestOfState } from './digest.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('digest', () => {
  it('is SHA-256 over canonical lines sorted by UTF-16 code units', () => {
    const rows = [
      ['b', { y: '2', x: '1' }],
      ['ä', '0'],
      ['a', null],
    ] as const;
    const expected = '["a",null]\n["b",{"x":"1","y":"2"}]\n["ä","0"]\n';
    expect(digestOfCollection({ name: 'accounts', rows })).toEqual({
      name: 'accounts',
      rowCount: 3,
      digest: sha256(expected),
    });
  });

  it('of a state is over the collections sorted by name', () => {
    const empty = sha256('');
    const state = digestOfState([
      { name: 'holds', rows: [] },
      { name: 'accounts', rows: [] },
    ]);
    expect(state.digest).toBe(sha256(`["accounts","${empty}"]\n["holds","${empty}"]\n`));
    expect(state.collections.map(({ name }) => name)).toEqual(['accounts', 'holds']);
  });

  it('refuses a key that occurs twice', () => {
    expect(() =>
      digestOfCollection({
        name: 'accounts',
        rows: [
          ['a', 1],
          ['a', 2],
        ],
      }),
    ).toThrow('twice');
  });
});
