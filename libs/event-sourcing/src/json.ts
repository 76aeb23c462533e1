/** A value that JSON can carry without loss. Numbers must be safe integers: quantities travel as decimal strings. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The RFC 8785 (JSON Canonicalization Scheme) text of a value: keys sorted by UTF-16 code units, no
 * white space. Two values that are equal as JSON give the same text, so its bytes can be hashed.
 *
 * @throws TypeError on a non-integer or unsafe number, or on anything JSON cannot carry. Specie stores
 * no floating-point numbers, so such a value is a bug in the caller.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new TypeError(
        `canonicalJson: ${value} is not a safe integer; send it as a decimal string`,
      );
    }
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item: JsonValue) => canonicalJson(item)).join(',')}]`;
  }
  if (typeof value === 'object') {
    const record = value as { readonly [key: string]: JsonValue };
    const members = Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key] as JsonValue)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`canonicalJson: a ${typeof value} has no JSON form`);
}
