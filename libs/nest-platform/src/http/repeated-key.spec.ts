import { describe, expect, it } from 'vitest';
import { repeatedKey } from './repeated-key.js';

describe('A key that stands twice', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":1,"\\u0061":1}', ['a']],
    ['{ "a" : {"b":[{"c":1},{"c":1,"d":{},"c":null}]} }', ['a', 'b', 1, 'c']],
    ['[[],[{"x":"}","x":"{"}]]', [1, 0, 'x']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['{"a\\"b":1,"a\\"b":2}', ['a"b']],
    ['{"":0,"":0}', ['']],
  ])('is found in %s', (text, path) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(repeatedKey(text)).toEqual(path);
  });

  it.each([
    '{"a":{"a":1},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a:\\"a\\":"}',
    '{"a":"\\\\","A":1}',
    '"a"',
    '7',
    '{}',
  ])('is not in %s', (text) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(repeatedKey(text)).toBeUndefined();
  });

  it('is looked for at any depth', () => {
    const depth = 200_000;
    expect(repeatedKey('[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth))).toBeUndefined();
  });
});
