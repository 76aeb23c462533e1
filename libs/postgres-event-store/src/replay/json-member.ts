const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * The string that the top-level object in `json[start, end)` has under `name`, read in place: nothing else
 * is decoded, and what stands behind it is not even looked at. Undefined when there is no such member or it
 * is not a string.
 *
 * The bytes must be canonical JSON (RFC 8785: no white space), and `name` must be ASCII without characters
 * that JSON escapes.
 */
export function readStringMember(
  json: Buffer,
  start: number,
  end: number,
  name: string,
): string | undefined {
  if (json[start] !== openBrace) {
    return undefined;
  }
  let at = start + 1;
  while (at < end && json[at] === quote) {
    const keyEnd = endOfString(json, at);
    const isWanted = isAscii(json, at + 1, keyEnd, name);
    // The value follows the closing quote and the colon.
    const valueStart = keyEnd + 2;
    if (isWanted) {
      return json[valueStart] === quote ? stringAt(json, valueStart) : undefined;
    }
    at = endOfValue(json, valueStart, end) + 1;
  }
  return undefined;
}

function isAscii(json: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) {
    return false;
  }
  for (let index = 0; index < text.length; index += 1) {
    if (json[start + index] !== text.charCodeAt(index)) {
      return false;
    }
  }
  return true;
}

function stringAt(json: Buffer, start: number): string {
  const end = endOfString(json, start);
  for (let at = start + 1; at < end; at += 1) {
    if (json[at] === backslash) {
      return JSON.parse(json.toString('utf8', start, end + 1)) as string;
    }
  }
  return json.toString('utf8', start + 1, end);
}

/** The position of the quote that closes the string opened at `start`. */
function endOfString(json: Buffer, start: number): number {
  let at = start + 1;
  while (json[at] !== quote) {
    at += json[at] === backslash ? 2 : 1;
  }
  return at;
}

/** The position of the comma or brace after the value that begins at `start`. */
function endOfValue(json: Buffer, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    switch (json[at]) {
      case quote:
        at = endOfString(json, at);
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        break;
      case closeBrace:
      case closeBracket:
        if (depth === 0) {
          return at;
        }
        depth -= 1;
        break;
      case comma:
        if (depth === 0) {
          return at;
        }
        break;
      default:
    }
  }
  return end;
}
