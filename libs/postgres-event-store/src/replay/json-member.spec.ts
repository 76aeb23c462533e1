import { canonicalJson, type JsonValue } from '@specie/event-sourcing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStringMember } from './json-member.js';

/** As in a row: other bytes stand before and behind the document. */
function member(value: JsonValue, name: string): string | undefined {
  const json = Buffer.from(canonicalJson(value), 'utf8');
  const row = Buffer.concat([Buffer.from('{"'), json, Buffer.from('","amount":"9"}')]);
  return readStringMember(row, 2, 2 + json.length, name);
}

describe('readStringMember', () => {
  it('finds exactly the strings that a full parse finds', () => {
    const names = ['amount', 'accountId', 'a', 'z'] as const;
    const nested = fc.array(fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string())));
    const document = fc.dictionary(
      fc.oneof(fc.constantFrom(...names), fc.string()),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), nested),
    );
    fc.assert(
      fc.property(document, fc.constantFrom(...names), (object, name) => {
        const plain = JSON.parse(JSON.stringify(object)) as Record<string, JsonValue>;
        const value = Object.hasOwn(plain, name) ? plain[name] : undefined;
        expect(member(plain, name)).toBe(typeof value === 'string' ? value : undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, JsonValue]>([
    ['an array', ['amount', '1']],
    ['a string', '{"amount":"1"}'],
    ['an empty object', {}],
    ['a number under the name', { amount: 1 }],
    ['the name only deeper', { memo: { amount: '1' } }],
    ['the name only as a value', { memo: 'amount' }],
  ])('finds nothing in %s', (_what, value) => {
    expect(member(value, 'amount')).toBeUndefined();
  });

  it('decodes escapes and any script', () => {
    expect(member({ amount: 'a "quoted" \\ line\n', memo: '' }, 'amount')).toBe(
      'a "quoted" \\ line\n',
    );
    expect(member({ amount: 'Grüße 東京 🚀' }, 'amount')).toBe('Grüße 東京 🚀');
  });
});
