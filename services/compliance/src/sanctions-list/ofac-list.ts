import {
  listedKinds,
  type ListedEntry,
  type ListedKind,
  type ListedName,
} from '../matcher/listed-entry.js';
import {
  ListRefusedError,
  readRows,
  type ListFile,
  type ListProblem,
  type ListRow,
} from './list-file.js';

/** Texts of the four files OFAC publishes for one list. */
export interface OfacFiles {
  readonly sdn: string;
  readonly alt: string;
  readonly add: string;
  readonly comments: string;
}

/** How many rows of each kind a list has; a list that suddenly has far fewer is no list. */
export interface ListCounts {
  readonly entryCount: number;
  readonly aliasCount: number;
  readonly addressCount: number;
}

export interface OfacList extends ListCounts {
  readonly entries: readonly ListedEntry[];
}

const nullField = '-0-';
const columnCounts = { 'sdn.csv': 12, 'alt.csv': 5, 'add.csv': 6, 'sdn_comments.csv': 2 } as const;
const entryNumberPattern = /^[1-9]\d{0,9}$/;

/** The entries of a list. @throws ListRefusedError, as `readOfacList` */
export function parseOfacList(files: OfacFiles): readonly ListedEntry[] {
  return readOfacList(files).entries;
}

/**
 * Reads a list. Rows are joined by entry number, never by name.
 *
 * @throws ListRefusedError naming every line that is not what it should be: nothing of such a list is used
 */
export function readOfacList(files: OfacFiles): OfacList {
  const reading = new ListReading();
  const sdn = reading.rowsOf('sdn.csv', files.sdn);
  const entryNumbers = reading.entryNumbersOf(sdn);
  const aliasRows = reading.joined('alt.csv', files.alt, entryNumbers);
  const addressRows = reading.joined('add.csv', files.add, entryNumbers);
  const commentRows = reading.joined('sdn_comments.csv', files.comments, entryNumbers);
  reading.checkNames(sdn, aliasRows);
  if (sdn.length === 0 && reading.problems.length === 0) {
    reading.problems.push({ file: 'sdn.csv', line: 0, reason: 'file_empty' });
  }
  if (reading.problems.length > 0) {
    throw new ListRefusedError(reading.problems);
  }
  const aliases = groupByEntry(aliasRows, ([, , kind, name]) => aliasOf(kind, name));
  const addressCountries = groupByEntry(addressRows, ([, , , , country]) => valueOf(country));
  const spillOver = groupByEntry(commentRows, ([, comment]) => comment ?? null);
  const entries = sdn.map(({ fields }) => {
    const entryNumber = Number(fields[0]);
    return entryOf(fields, {
      aliases: aliases.get(entryNumber) ?? [],
      countries: addressCountries.get(entryNumber) ?? [],
      spillOver: (spillOver.get(entryNumber) ?? []).join(''),
    });
  });
  return {
    entries,
    entryCount: sdn.length,
    aliasCount: aliasRows.length,
    addressCount: addressRows.length,
  };
}

/** The files of a list that have less than nine tenths of the rows of the list before it. */
export function shrunkFiles(before: ListCounts, after: ListCounts): readonly ListProblem[] {
  const pairs: readonly (readonly [ListFile, keyof ListCounts])[] = [
    ['sdn.csv', 'entryCount'],
    ['alt.csv', 'aliasCount'],
    ['add.csv', 'addressCount'],
  ];
  return pairs
    .filter(([, count]) => after[count] * 10 < before[count] * 9)
    .map(([file]) => ({ file, line: 0, reason: 'file_shrunk' }));
}

/** What is found wrong while a list is read. */
class ListReading {
  readonly problems: ListProblem[] = [];

  rowsOf(file: ListFile, text: string): readonly ListRow[] {
    const { rows, problems } = readRows(file, text, columnCounts[file]);
    this.problems.push(...problems);
    return rows;
  }

  entryNumbersOf(rows: readonly ListRow[]): ReadonlySet<string> {
    const known = new Set<string>();
    for (const { line, fields } of rows) {
      const number = fields[0] ?? '';
      if (!entryNumberPattern.test(number)) {
        this.problems.push({ file: 'sdn.csv', line, reason: 'entry_number_wrong' });
      } else if (known.has(number)) {
        this.problems.push({ file: 'sdn.csv', line, reason: 'entry_number_twice' });
      }
      known.add(number);
    }
    return known;
  }

  /** Rows whose entry is not in the main file tell that it was cut, unless it is known to be damaged. */
  joined(file: ListFile, text: string, entryNumbers: ReadonlySet<string>): readonly ListRow[] {
    const rows = this.rowsOf(file, text);
    if (this.problems.some((problem) => problem.file === 'sdn.csv')) {
      return rows;
    }
    for (const { line, fields } of rows) {
      if (!entryNumbers.has(fields[0] ?? '')) {
        this.problems.push({ file, line, reason: 'entry_unknown' });
      }
    }
    return rows;
  }

  checkNames(entries: readonly ListRow[], aliases: readonly ListRow[]): void {
    for (const { line, fields } of entries) {
      if (valueOf(fields[1]) === null) {
        this.problems.push({ file: 'sdn.csv', line, reason: 'name_missing' });
      }
      if (kindOf(fields[2]) === null) {
        this.problems.push({ file: 'sdn.csv', line, reason: 'kind_unknown' });
      }
    }
    const numbers = new Set<string>();
    for (const { line, fields } of aliases) {
      const number = `${fields[0] ?? ''} ${fields[1] ?? ''}`;
      if (numbers.has(number)) {
        this.problems.push({ file: 'alt.csv', line, reason: 'alias_number_twice' });
      }
      numbers.add(number);
      if (valueOf(fields[3]) === null) {
        this.problems.push({ file: 'alt.csv', line, reason: 'name_missing' });
      }
    }
  }
}

function entryOf(
  fields: readonly string[],
  joined: {
    readonly aliases: readonly ListedName[];
    readonly countries: readonly string[];
    readonly spillOver: string;
  },
): ListedEntry {
  const [number, name = '', kindText, programText] = fields;
  const kind = kindOf(kindText) ?? 'entity';
  const remarks = (valueOf(fields[11]) ?? '') + joined.spillOver;
  const parts = remarks.split(';').map((part) => part.trim());
  const reorder = (text: string): string => (kind === 'individual' ? givenNameFirst(text) : text);
  return {
    entryNumber: Number(number),
    kind,
    names: [
      { text: reorder(name.trim()), kind: 'primary' },
      ...joined.aliases.map((alias) => ({ ...alias, text: reorder(alias.text) })),
      ...weakAliasesOf(remarks).map((text) => ({ text: reorder(text), kind: 'weak' as const })),
    ],
    programs: (valueOf(programText) ?? '')
      .split(/\]\s*\[/)
      .map((program) => program.trim())
      .filter(Boolean),
    birthDates: valuesAfter(parts, /^(?:alt\. )?DOB (.+?)\.?$/),
    countries: [
      ...new Set([
        ...joined.countries,
        ...valuesAfter(parts, /^(?:alt\. )?(?:nationality|citizen) (.+?)\.?$/),
      ]),
    ],
  };
}

function groupByEntry<T>(
  rows: readonly ListRow[],
  read: (fields: readonly string[]) => T | null,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const { fields } of rows) {
    const value = read(fields);
    if (value !== null) {
      const entryNumber = Number(fields[0]);
      groups.set(entryNumber, [...(groups.get(entryNumber) ?? []), value]);
    }
  }
  return groups;
}

function valueOf(field: string | undefined): string | null {
  const text = (field ?? '').trim();
  return text === '' || text === nullField ? null : text;
}

/** Null for a kind that is not known: its names might need another order. */
function kindOf(field: string | undefined): ListedKind | null {
  const kind = valueOf(field) ?? 'entity';
  return listedKinds.find((known) => known === kind) ?? null;
}

function aliasOf(kind: string | undefined, name: string | undefined): ListedName | null {
  const text = valueOf(name);
  if (text === null) {
    return null;
  }
  const known = valueOf(kind);
  return { text, kind: known === 'fka' || known === 'nka' ? known : 'aka' };
}

function givenNameFirst(name: string): string {
  const comma = name.indexOf(',');
  return comma < 0 ? name : `${name.slice(comma + 1).trim()} ${name.slice(0, comma).trim()}`;
}

function weakAliasesOf(remarks: string): readonly string[] {
  return [...remarks.matchAll(/[afn]\.k\.a\. '([^']+(?:'[^';.]+)*)'/g)].map((match) =>
    (match[1] ?? '').trim(),
  );
}

function valuesAfter(parts: readonly string[], pattern: RegExp): readonly string[] {
  return parts.flatMap((part) => pattern.exec(part)?.[1] ?? []);
}
