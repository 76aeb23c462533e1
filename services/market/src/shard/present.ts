/** The same without the fields that are undefined: an event holds what there is. */
export function present<T extends object>(fields: T): T {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) kept[name] = value;
  }
  return kept as T;
}
