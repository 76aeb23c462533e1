/** Strings and punctuation; numbers and words between them say nothing about keys. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

interface Level {
  /** Null in an array. */
  readonly keys: Set<string> | null;
  place: string | number;
}

/**
 * The path of the first key that stands twice in one object of `text`, which is valid JSON. Of two values `JSON.parse`
 * takes the last and others the first, so who checks a request and who acts on it may see different ones. Nothing here
 * recurses: a body may nest as deep as it is long.
 */
export function repeatedKey(text: string): readonly (string | number)[] | undefined {
  const open: Level[] = [];
  let lastString = '';
  for (const [part] of text.matchAll(token)) {
    const level = open.at(-1);
    if (part === '{') {
      open.push({ keys: new Set(), place: '' });
    } else if (part === '[') {
      open.push({ keys: null, place: 0 });
    } else if (part === '}' || part === ']') {
      open.pop();
    } else if (part === ',') {
      if (typeof level?.place === 'number') {
        level.place += 1;
      }
    } else if (part === ':') {
      // The same key may be spelt in two ways: "a" and "\u0061".
      const key = JSON.parse(lastString) as string;
      if (level?.keys?.has(key)) {
        return [...open.slice(0, -1).map(({ place }) => place), key];
      }
      level?.keys?.add(key);
      if (level) {
        level.place = key;
      }
    } else {
      lastString = part;
    }
  }
  return undefined;
}
