import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ListRefusedError, textOfProblem } from './list-file.js';
import { parseOfacList, readOfacList, shrunkFiles, type OfacFiles } from './ofac-list.js';
import { ScreeningIndex } from '../matcher/screening-index.js';

const nothing = '-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ';

const madeUp: OfacFiles = {
  sdn:
    `1001,"HARBOUR LANTERN TRADING",-0- ,"SDGT] [IRAN",${nothing},"a.k.a. 'HLT'; Website www.example.test; Link"\r\n` +
    `1002,"VELL, Tamsin ""Tam"", Jr.","individual","CYBER2",${nothing},"DOB 17 Apr 1993; alt. DOB circa 1960; nationality Iran; a.k.a. 'O'HARE'."\r\n` +
    `1003,"GREY HERON","vessel","SDGT",${nothing},-0- \r\n\u001a`,
  alt: '1002,1,"fka","VELE, Tamsin",-0- \r\n1001,2,"aka","LANTERN HARBOUR CO",-0- \r\n\u001a',
  add: '1001,1,"1 Quay",-0- ,"Panama",-0- \r\n1001,2,-0- ,-0- ,-0- ,-0- \r\n\u001a',
  comments: '1001,"ed To: GREY HERON; a.k.a. \'LANTERN FLEET\'."\r\n\u001a',
};

describe('OFAC list', () => {
  const entries = parseOfacList(madeUp);

  it('reads every row and stops at the end-of-file byte', () => {
    expect(entries.map((entry) => [entry.entryNumber, entry.kind])).toEqual([
      [1001, 'entity'],
      [1002, 'individual'],
      [1003, 'vessel'],
    ]);
  });

  it('puts the given name first for individuals only', () => {
    expect(entries[1]?.names.map((name) => name.text)).toEqual([
      'Tamsin "Tam", Jr. VELL',
      'Tamsin VELE',
      "O'HARE",
    ]);
    expect(entries[0]?.names[0]?.text).toBe('HARBOUR LANTERN TRADING');
  });

  it('takes weak aliases from the remarks, also where a comment continues them in mid-word', () => {
    expect(
      entries[0]?.names.filter((name) => name.kind === 'weak').map((name) => name.text),
    ).toEqual(['HLT', 'LANTERN FLEET']);
  });

  it('splits programs, birth dates and countries, and treats -0- as nothing', () => {
    expect(entries[0]?.programs).toEqual(['SDGT', 'IRAN']);
    expect(entries[0]?.countries).toEqual(['Panama']);
    expect(entries[1]?.birthDates).toEqual(['17 Apr 1993', 'circa 1960']);
    expect(entries[1]?.countries).toEqual(['Iran']);
  });
});

describe('A list with a wrong row', () => {
  const changed = (file: keyof OfacFiles, from: string | RegExp, to: string): OfacFiles => ({
    ...madeUp,
    [file]: madeUp[file].replace(from, to),
  });
  it.each<[string, OfacFiles, readonly string[]]>([
    [
      'a stray quote',
      changed('sdn', ' ""Tam"", Jr."', '", Tam"'),
      ['sdn.csv line 2: quotes_unbalanced'],
    ],
    [
      'an open quote',
      changed('sdn', 'Tamsin ""Tam"", Jr."', 'Tamsin'),
      ['sdn.csv line 2: quotes_unbalanced'],
    ],
    [
      'two open quotes',
      changed('sdn', /TRADING"|HERON"/g, 'X'),
      ['sdn.csv line 1: quotes_unbalanced', 'sdn.csv line 3: quotes_unbalanced'],
    ],
    [
      'a line end inside quotes',
      changed('sdn', 'GREY HERON', 'GREY\r\nHERON'),
      ['sdn.csv line 3: quotes_unbalanced', 'sdn.csv line 4: quotes_unbalanced'],
    ],
    ['a short row', changed('sdn', ',-0- \r\n\u001a', '\r\n'), ['sdn.csv line 3: column_count']],
    [
      'a long row',
      changed('alt', '"LANTERN HARBOUR CO",', '"LANTERN","HARBOUR CO",'),
      ['alt.csv line 2: column_count'],
    ],
    ['an empty row', changed('sdn', '1002,', '\r\n1002,'), ['sdn.csv line 2: column_count']],
    [
      'an entry number twice',
      changed('sdn', '1003', '1001'),
      ['sdn.csv line 3: entry_number_twice'],
    ],
    [
      'a wrong entry number',
      changed('sdn', '1003', '10x3'),
      ['sdn.csv line 3: entry_number_wrong'],
    ],
    ['an unknown kind', changed('sdn', 'vessel', 'submarine'), ['sdn.csv line 3: kind_unknown']],
    ['a missing name', changed('sdn', '"GREY HERON"', '-0- '), ['sdn.csv line 3: name_missing']],
    [
      'an alias without name',
      changed('alt', '"VELE, Tamsin"', '-0- '),
      ['alt.csv line 1: name_missing'],
    ],
    [
      'an alias number twice',
      changed('alt', '1001,2', '1002,1'),
      ['alt.csv line 2: alias_number_twice'],
    ],
    [
      'an end-of-file byte inside',
      changed('sdn', 'GREY', 'GR\u001aEY'),
      ['sdn.csv line 3: end_of_file_inside'],
    ],
    [
      'a main file cut at a row',
      { ...madeUp, sdn: madeUp.sdn.split('\r\n').slice(1).join('\r\n') },
      [
        'alt.csv line 2: entry_unknown',
        'add.csv line 1: entry_unknown',
        'add.csv line 2: entry_unknown',
        'sdn_comments.csv line 1: entry_unknown',
      ],
    ],
    ['nothing in it', { sdn: '', alt: '', add: '', comments: '' }, ['sdn.csv: file_empty']],
    [
      'an end-of-file byte alone',
      { sdn: '\u001a', alt: '', add: '', comments: '' },
      ['sdn.csv: file_empty'],
    ],
  ])('is refused by line: %s', (_what, files, problems) => {
    expect(problemsOf(files)).toEqual(problems);
  });

  it('is refused when it is cut inside a row', () => {
    const rows = madeUp.sdn.split('\r\n').slice(0, 3);
    for (const [place, row] of rows.entries()) {
      const before = rows.slice(0, place).map((other) => `${other}\r\n`);
      const lastField = Math.max(row.lastIndexOf(',"'), row.lastIndexOf(',-0-')) + 1;
      // Of the last field nothing, or a part of "-0- ", is a field as well.
      const lengths = Array.from({ length: row.length - 6 }, (_, index) => index + 1);
      for (const length of lengths.filter((cut) => cut !== lastField)) {
        const sdn = [...before, row.slice(0, length)].join('');
        expect(problemsOf({ ...madeUp, sdn })).not.toEqual([]);
      }
    }
  });
});

describe('A list that shrank', () => {
  const before = { entryCount: 100, aliasCount: 100, addressCount: 100 };
  it('is refused below nine tenths of the rows of a file', () => {
    expect(shrunkFiles(before, { entryCount: 90, aliasCount: 90, addressCount: 90 })).toEqual([]);
    expect(
      shrunkFiles(before, { entryCount: 89, aliasCount: 89, addressCount: 0 }).map(textOfProblem),
    ).toEqual(['sdn.csv: file_shrunk', 'alt.csv: file_shrunk', 'add.csv: file_shrunk']);
  });
});

describe('screening', () => {
  const index = new ScreeningIndex(parseOfacList(madeUp));

  it('finds a listed name however it is written', () => {
    expect(
      index.screen(['Vell Tamsin'], 800_000).candidates.map((found) => found.entryNumber),
    ).toEqual([1002]);
    expect(index.screen(['Zed', 'TÂMSIN  Vele'], 800_000).candidates[0]).toEqual({
      entryNumber: 1002,
      listedName: 'Tamsin VELE',
      nameKind: 'fka',
      scorePpm: 1_000_000,
    });
  });

  it('leaves an unlike name clear and never alerts on a weak alias', () => {
    expect(index.screen(['Bo Quill'], 800_000)).toMatchObject({ candidates: [] });
    expect(index.screen(['HLT'], 800_000).candidates).toEqual([]);
  });
});

const folder = new URL('../../../../../shared/data/sanctions/', import.meta.url);
const reason = existsSync(folder) ? '' : ' (skipped: ../shared/data/sanctions is not here)';

describe.skipIf(reason !== '')(`published sample${reason}`, () => {
  it('reads 323 entries, 545 aliases and the comments', () => {
    const entries = parseOfacList(publishedFiles());
    expect(entries).toHaveLength(323);
    const names = entries.flatMap((entry) => entry.names);
    expect(names.filter((name) => !['primary', 'weak'].includes(name.kind))).toHaveLength(545);
    expect(
      entries.filter((entry) => entry.names.some((name) => name.kind === 'weak')).length,
    ).toBeGreaterThanOrEqual(52);
    expect(entries.filter((entry) => entry.programs.length > 1)).toHaveLength(61);
    expect(names.map((name) => name.text)).toContain('blackjack1987');
    expect(entries.map((entry) => entry.kind).filter((kind) => kind === 'individual')).toHaveLength(
      182,
    );
  });

  it('reads the same with the end-of-file byte of the published file', () => {
    const files = publishedFiles();
    expect(parseOfacList({ ...files, sdn: `${files.sdn}\u001a` })).toEqual(parseOfacList(files));
  });

  it('screens a name in well under 10 ms', () => {
    const index = new ScreeningIndex(parseOfacList(publishedFiles()));
    index.screen(['Warm Up'], 800_000);
    // The quickest of many: what else the machine does is not the point.
    const quickest = Math.min(
      ...Array.from({ length: 200 }, () => {
        const startedAt = performance.now();
        index.screen(['George Habash of Somewhere', 'A Second Alias'], 800_000);
        return performance.now() - startedAt;
      }),
    );
    expect(quickest).toBeLessThan(10);
  });
});

function problemsOf(files: OfacFiles): readonly string[] {
  try {
    readOfacList(files);
    return [];
  } catch (error) {
    if (error instanceof ListRefusedError) {
      return error.problems.map(textOfProblem);
    }
    throw error;
  }
}

function publishedFiles(): OfacFiles {
  const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
  return {
    sdn: text('sdn.csv'),
    alt: text('alt.csv'),
    add: text('add.csv'),
    comments: text('sdn_comments.csv'),
  };
}
