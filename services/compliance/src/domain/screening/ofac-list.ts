import { parseCsv } from './csv.js';

/** Texts of the four files OFAC publishes for one list. */
export interface OfacFiles {
  readonly sdn: string;
  readonly alt: string;
  readonly add: string;
  readonly comments: string;
}

export type ListedKind = 'individual' | 'entity' | 'vessel' | 'aircraft';

export interface ListedName {
  readonly text: string;
  /** Weak aliases stand in the remarks only; they are evidence for an officer, never the reason for an alert. */
  readonly kind: 'primary' | 'aka' | 'fka' | 'nka' | 'weak';
}

/** One listed person, organisation, vessel or aircraft. */
export interface ListedEntry {
  readonly entryNumber: number;
  readonly kind: ListedKind;
  readonly names: readonly ListedName[];
  readonly programs: readonly string[];
  /** As published: "17 Apr 1993", "1962", "circa 1960". */
  readonly birthDates: readonly string[];
  readonly countries: readonly string[];
}

const nullField = '-0-';
/** The published file ends with this byte. */
const endOfFile = '\u001a';

/** Reads a list. Rows are joined by entry number, never by name. @throws if a row of the main file has no number. */
export function parseOfacList(files: OfacFiles): readonly ListedEntry[] {
  const aliases = groupByEntry(files.alt, ([, , kind, name]) => aliasOf(kind, name));
  const addressCountries = groupByEntry(files.add, ([, , , , country]) => valueOf(country));
  const spillOver = groupByEntry(files.comments, ([, comment]) => comment ?? null);
  return recordsOf(files.sdn).map((record) => {
    const [number, name, kindText, programText] = record;
    const entryNumber = Number(number);
    if (!Number.isSafeInteger(entryNumber) || entryNumber <= 0 || name === undefined) {
      throw new Error('the sanctions list has a row without an entry number');
    }
    const kind = kindOf(kindText);
    const remarks = (valueOf(record[11]) ?? '') + (spillOver.get(entryNumber) ?? []).join('');
    const parts = remarks.split(';').map((part) => part.trim());
    const reorder = (text: string): string => (kind === 'individual' ? givenNameFirst(text) : text);
    return {
      entryNumber,
      kind,
      names: [
        { text: reorder(name.trim()), kind: 'primary' },
        ...(aliases.get(entryNumber) ?? []).map((alias) => ({
          ...alias,
          text: reorder(alias.text),
        })),
        ...weakAliasesOf(remarks).map((text) => ({ text: reorder(text), kind: 'weak' as const })),
      ],
      programs: (valueOf(programText) ?? '')
        .split(/\]\s*\[/)
        .map((program) => program.trim())
        .filter(Boolean),
      birthDates: valuesAfter(parts, /^(?:alt\. )?DOB (.+?)\.?$/),
      countries: [
        ...new Set([
          ...(addressCountries.get(entryNumber) ?? []),
          ...valuesAfter(parts, /^(?:alt\. )?(?:nationality|citizen) (.+?)\.?$/),
        ]),
      ],
    };
  });
}

function recordsOf(text: string): readonly (readonly string[])[] {
  return parseCsv(text.replaceAll(endOfFile, ''));
}

function groupByEntry<T>(
  text: string,
  read: (record: readonly string[]) => T | null,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const record of recordsOf(text)) {
    const value = read(record);
    if (value !== null) {
      const entryNumber = Number(record[0]);
      groups.set(entryNumber, [...(groups.get(entryNumber) ?? []), value]);
    }
  }
  return groups;
}

function valueOf(field: string | undefined): string | null {
  const text = (field ?? '').trim();
  return text === '' || text === nullField ? null : text;
}

function kindOf(field: string | undefined): ListedKind {
  switch (valueOf(field)) {
    case 'individual':
      return 'individual';
    case 'vessel':
      return 'vessel';
    case 'aircraft':
      return 'aircraft';
    default:
      return 'entity';
  }
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
