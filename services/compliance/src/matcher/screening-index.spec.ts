import { pick, randomFrom, seedOr } from '@specie/testing';
import { describe, expect, it } from 'vitest';
import type { ListedEntry, ListedKind } from './listed-entry.js';
import { ofacScore, prepareName } from './ofac-emulation.js';
import { readingsOf } from './readings.js';
import { ScreeningIndex, toPpm } from './screening-index.js';

const thresholdPpm = 800_000;
const organisation = { isOrganisation: true };
const index = new ScreeningIndex([
  entry(1, 'individual', 'Viktor Hale OSTRAVEN'),
  entry(2, 'entity', 'BRASSMOOR HOLDINGS LIMITED'),
  entry(3, 'entity', 'GREYWATER SHIPPING LINE'),
  entry(4, 'individual', 'Wei ZHANG'),
  entry(5, 'entity', 'D.E.F. TRADING COMPANY'),
]);
const seed = seedOr(20_261_128);

describe('A name in another script', () => {
  it.each([
    ['Cyrillic', 'Виктор Остравен', 1],
    ['Cyrillic capitals', 'ВИКТОР ХЕЙЛ ОСТРАВЕН', 1],
    ['Greek', 'Βίκτωρ Οστραβέν', 1],
    ['Arabic, without vowels', 'فيكتور أوسترافين', 1],
    ['Hebrew, without vowels', 'ויקטור אוסטרבן', 1],
    ['Chinese syllables', '维克托·奥斯特拉文', 1],
    ['Chinese', '张伟', 4],
    ['traditional Chinese', '張偉', 4],
    ['Japanese syllables', 'ヴィクトル・オストラヴェン', 1],
    ['Korean syllables', '빅토르 오스트라벤', 1],
    ['Armenian', 'Վիկտոր Օստրավեն', 1],
    ['Georgian', 'ვიქტორ ოსტრავენი', 1],
    ['Devanagari', 'विक्टर ओस्ट्रावेन', 1],
    ['full-width letters', 'Ｖｉｋｔｏｒ　Ｏｓｔｒａｖｅｎ', 1],
    ['mathematical letters', '𝐕𝐢𝐤𝐭𝐨𝐫 𝓞𝓼𝓽𝓻𝓪𝓿𝓮𝓷', 1],
    ['small capitals', 'ᴠɪᴋᴛᴏʀ ᴏsᴛʀᴀᴠᴇɴ', 1],
    ['Latin letters with marks', 'Víktør Ósträvęń', 1],
    ['Latin with Cyrillic look-alikes', 'Vіktоr Оstrаvеn', 1],
    ['Latin with hidden characters', 'Vik\u200btor Ost\u00adra\u2060ven', 1],
    ['Latin with other separators', 'Viktor\u2010Hale/Ostraven', 1],
    ['Latin with emoji', 'Viktor 😀 Ostraven', 1],
  ])('is found: %s', (_script, name, entryNumber) => {
    const { candidates, isComparable } = index.screen([name], thresholdPpm);
    expect(isComparable).toBe(true);
    expect(candidates.map((candidate) => candidate.entryNumber)).toContain(entryNumber);
  });

  it.each([
    'Олег Сидоров',
    'Анна Кузнецова',
    'Δημήτρης Παπαδόπουλος',
    'محمد أحمد',
    '王芳',
    '김민수',
    'Bo Quill',
  ])('is clear when it is another one: %s', (name) => {
    expect(index.screen([name], thresholdPpm)).toMatchObject({
      candidates: [],
      isComparable: true,
    });
  });

  it('is found however look-alikes, full-width letters and hidden characters are mixed into it', () => {
    const random = randomFrom(seed);
    for (let round = 0; round < 2_000; round += 1) {
      const name = [...'Viktor Ostraven']
        .map((letter) => pick([letter, letter, ...disguisesOf(letter)], random))
        .join('');
      const [found] = index.screen([name], thresholdPpm).candidates;
      expect(found?.entryNumber, `${name} (SEED=${seed})`).toBe(1);
    }
  });
});

describe('A name that says nothing', () => {
  it.each(['---', '☃☃☃', '12 345', '١٢٣', '...', '\u200b\u200b', '\ue000\ue001', '꜀꜀', 'ㅤㅤ'])(
    'cannot be compared: %j',
    (name) => {
      expect(index.screen([name], thresholdPpm).isComparable).toBe(false);
      expect(index.screen(['Bo Quill', name], thresholdPpm).isComparable).toBe(false);
    },
  );

  it('cannot be compared if one letter has no reading', () => {
    expect(index.screen(['Bo Q\ue000ill'], thresholdPpm).isComparable).toBe(false);
  });

  it.each(['Holdings Limited', 'The Company', 'S.A.', 'GmbH & Co. KG', 'ООО'])(
    'cannot be compared when it is company words alone: %s',
    (name) => {
      expect(index.screen([name], thresholdPpm, organisation).isComparable).toBe(false);
    },
  );

  it('cannot be compared without a name', () => {
    expect(index.screen([], thresholdPpm).isComparable).toBe(false);
  });

  it('has letters in some reading if and only if it can be compared', () => {
    const random = randomFrom(seed);
    for (let round = 0; round < 5_000; round += 1) {
      const name = String.fromCodePoint(
        ...Array.from({ length: 1 + random(6) }, () => random(0x2_0000)),
      );
      const { spelled, isComparable } = readingsOf(name);
      expect(spelled.join(''), `${JSON.stringify(name)} (SEED=${seed})`).toMatch(/^[\x20-\x7e]*$/);
      expect(isComparable && !/[a-z]/.test(spelled.join('')), JSON.stringify(name)).toBe(false);
    }
  });
});

describe('A company', () => {
  it.each([
    'A-B-C Holdings Limited',
    'A.B.C. HOLDINGS LTD',
    'B-B-C Holdings Limited',
    'Zed Holdings Limited',
    'Quillworks Limited',
  ])('is not found by its suffix or by near initials: %s', (name) => {
    for (const kind of [organisation, {}]) {
      expect(index.screen([name], thresholdPpm, kind)).toMatchObject({
        candidates: [],
        isComparable: true,
      });
    }
  });

  it('is compared by its initials, where those of a person may stand for names', () => {
    expect(index.screen(['D E G Trading'], thresholdPpm, organisation).candidates).toEqual([]);
    expect(index.screen(['V H Ostraven'], thresholdPpm).candidates).toMatchObject([
      { entryNumber: 1 },
    ]);
  });

  it.each([
    ['Brassmoor Holdings', 2],
    ['BRASSMOOR GROUP PLC', 2],
    ['Brasmoor GmbH', 2],
    ['Greywater Shipping Lines Inc.', 3],
    ['DEF Trading', 5],
    ['D-E-F Trading Limited', 5],
    ['ООО Брассмур', 2],
  ])('is found by what tells it from others: %s', (name, entryNumber) => {
    const { candidates } = index.screen([name], thresholdPpm, organisation);
    expect(candidates.map((candidate) => candidate.entryNumber)).toEqual([entryNumber]);
  });
});

describe('A Latin name of a person', () => {
  it.each([
    'Viktor Ostraven',
    'Ostraven, Viktor',
    'Victor Ostrawen',
    'Hale Viktor',
    'Zhang',
    'Bo Quill',
  ])('scores as in the emulation of OFAC: %s', (name) => {
    const listed = ['Viktor Hale OSTRAVEN', 'Wei ZHANG'];
    const people = new ScreeningIndex(
      listed.map((text, place) => entry(place + 1, 'individual', text)),
    );
    const scores = listed.map((text) => toPpm(ofacScore(prepareName(name), prepareName(text))));
    expect(people.screen([name], thresholdPpm).bestScorePpm).toBe(Math.max(...scores));
  });
});

function entry(entryNumber: number, kind: ListedKind, text: string): ListedEntry {
  const names = [{ text, kind: 'primary' as const }];
  return { entryNumber, kind, names, programs: [], birthDates: [], countries: [] };
}

const lookAlikes: Readonly<Record<string, string>> = {
  a: 'аα',
  e: 'еҽ',
  i: 'іι',
  k: 'κ',
  n: 'ո',
  o: 'оοօ',
  r: 'г',
  s: 'ѕ',
  t: '',
  v: 'ѵν',
  O: 'ОΟՕ',
  V: 'Ѵ',
};

/** The letter in other clothes; at most one hidden character beside it. */
function disguisesOf(letter: string): readonly string[] {
  if (letter === ' ') {
    return ['\u3000', '\u00a0'];
  }
  const fullWidth = String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0);
  return [...(lookAlikes[letter] ?? ''), fullWidth, `${letter}\u200b`, `\u00ad${letter}`];
}
