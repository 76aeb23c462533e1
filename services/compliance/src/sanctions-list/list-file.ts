import { parse } from 'csv-parse/sync';

export const listFiles = ['sdn.csv', 'alt.csv', 'add.csv', 'sdn_comments.csv'] as const;
export type ListFile = (typeof listFiles)[number];

/** What is wrong with a list, and where; never what stands there. Line 0 is the file as a whole. */
export interface ListProblem {
  readonly file: ListFile;
  readonly line: number;
  readonly reason:
    | 'file_missing'
    | 'file_empty'
    | 'file_shrunk'
    | 'not_utf8'
    | 'quotes_unbalanced'
    | 'column_count'
    | 'end_of_file_inside'
    | 'entry_number_wrong'
    | 'entry_number_twice'
    | 'entry_unknown'
    | 'alias_number_twice'
    | 'name_missing'
    | 'kind_unknown';
}

/** A list that may not be screened against: a part of it would be missing without anybody noticing. */
export class ListRefusedError extends Error {
  readonly problems: readonly ListProblem[];

  constructor(problems: readonly ListProblem[]) {
    super(`the sanctions list is refused: ${problems.map(textOfProblem).join(', ')}`);
    this.name = 'ListRefusedError';
    this.problems = problems;
  }
}

export function textOfProblem({ file, line, reason }: ListProblem): string {
  return line === 0 ? `${file}: ${reason}` : `${file} line ${line}: ${reason}`;
}

export interface ListRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** The published files end with this byte. */
const endOfFile = '\u001a';

/**
 * The rows of a file as OFAC publishes it: one a line, CRLF or LF, fields quoted or not, quotes doubled inside
 * quotes, and perhaps an end-of-file byte. Every line that is not such a row is a problem of its own.
 */
export function readRows(
  file: ListFile,
  text: string,
  columnCount: number,
): { readonly rows: readonly ListRow[]; readonly problems: readonly ListProblem[] } {
  const lines = text.replace(new RegExp(`${endOfFile}(\r?\n)?$`), '').split(/\r?\n/);
  if (lines.at(-1) === '') {
    lines.pop();
  }
  const whole = recordsOf(lines.join('\n'));
  // Where quotes do not balance, records swallow lines; line by line the guilty ones are found.
  const records = whole?.length === lines.length ? whole : lines.map((line) => onlyRecordOf(line));
  const rows: ListRow[] = [];
  const problems: ListProblem[] = [];
  for (const [place, fields] of records.entries()) {
    const line = place + 1;
    const reason = problemOf(fields, columnCount);
    if (reason !== null) {
      problems.push({ file, line, reason });
    } else if (fields !== null) {
      rows.push({ line, fields });
    }
  }
  return { rows, problems };
}

function problemOf(
  fields: readonly string[] | null,
  columnCount: number,
): ListProblem['reason'] | null {
  if (fields === null) return 'quotes_unbalanced';
  if (fields.some((field) => field.includes(endOfFile))) return 'end_of_file_inside';
  return fields.length === columnCount ? null : 'column_count';
}

function recordsOf(text: string): readonly (readonly string[])[] | null {
  try {
    return parse(text, { record_delimiter: '\n', relax_column_count: true });
  } catch {
    return null;
  }
}

function onlyRecordOf(line: string): readonly string[] | null {
  return line === '' ? [''] : (recordsOf(line)?.[0] ?? null);
}
