import anyAscii from 'any-ascii';
import unhomoglyph from 'unhomoglyph';
import { foldName } from './fold-name.js';

/** How a name can be read in the letters of the list. */
export interface NameReadings {
  /** Folded, in plain Latin letters, without doubles; none for a name without letters. */
  readonly spelled: readonly string[];
  /**
   * Those that follow the sound of a name in another script, where the list spells otherwise: vowels are missing in
   * Arabic and Hebrew, and a foreign name is written as it is heard. To be compared by `soundOf`. None for a name
   * in Latin letters, or for one of East Asia, which the list spells as it is transliterated.
   */
  readonly transliterated: readonly string[];
  /** A foreign name in syllables of East Asia, which bend its consonants. */
  readonly isTranscription: boolean;
  /** False if a letter has no reading, or nothing is left to compare: such a name is never clear. */
  readonly isComparable: boolean;
}

const hidden = /\p{Default_Ignorable_Code_Point}/gu;
/** Blanks in effect; full stop, comma and hyphen are `foldName`'s. */
const separators = /[\p{Pd}\p{Cc}_/|\\·•・‧]/gu;
const symbols = /\p{S}/gu;
const eastAsian = String.raw`\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}`;
const alphabetic = new RegExp(
  String.raw`[^\P{L}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}${eastAsian}]`,
  'u',
);
/** A native name has at most one part of several syllables. */
const syllables = new RegExp(`[${eastAsian}]{2}`, 'u');
/** One syllable a character, spelled apart on the list. */
const syllabic = /[\p{Script=Han}\p{Script=Hangul}]/gu;
/** Letters that stand for a vowel or a stop; that they read as nothing loses nothing. */
const silent = /[\p{Lm}\p{M}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u;
/** Grave and acute; other marks make other letters, such as the breve of a Cyrillic short i. */
const stressMarks = /[\u0300\u0301]/g;
/** The small kappa: it looks like a k, whatever it is. */
const kra = '\u0138';
const latinWord = /\p{Script=Latin}/u;

/** Spellings that stand for one sound and would be read letter by letter. */
const soundsOfLetters: readonly (readonly [RegExp, string])[] = [
  [/μπ/gu, 'b'],
  [/ντ/gu, 'd'],
  [/γκ|γγ/gu, 'g'],
  [/τζ/gu, 'j'],
  [/χ/gu, 'h'],
  [/ου/gu, 'u'],
  [/дж/gu, 'j'],
  [/כ/gu, 'k'],
  // A consonant where a word begins, a vowel elsewhere far more often than not.
  [/(^|\s)ו/gu, '$1v'],
  [/ו/gu, 'w'],
];

/** Reads a name as transliterated and, since a look-alike may stand for a Latin letter, as it looks. */
export function readingsOf(name: string): NameReadings {
  const text = cleaned(name);
  const folded = foldName(text);
  if (isAscii(folded)) {
    return {
      spelled: present([folded]),
      transliterated: [],
      isTranscription: false,
      isComparable: /[a-z]/.test(folded),
    };
  }
  const apart = transliterated(text.replace(syllabic, ' $& '));
  const together = transliterated(text);
  const spelled = present([apart, together, asItLooks(text), mixed(text)]);
  const isTranscription = text.split(' ').filter((word) => syllables.test(word)).length > 1;
  const isBySound = isTranscription || alphabetic.test(text.normalize('NFD'));
  return {
    spelled,
    transliterated: isBySound ? present([apart, together]) : [],
    isTranscription,
    isComparable: spelled.some((reading) => /[a-z]/.test(reading)) && [...text].every(isReadable),
  };
}

/** Particles such as "bin" match everywhere, so they say nothing in so few letters. */
const particles = new Set(['bin', 'bn', 'ibn', 'ben', 'abu', 'al', 'el', 'ul', 'de', 'van', 'von']);

/** The consonants of a word by class: "george" is "klk", "habash" is "bs"; empty if it says nothing. */
export function soundOf(word: string): string {
  if (particles.has(word)) {
    return '';
  }
  return word
    .replace(/(.)\1+/g, '$1')
    .replace(/kh/g, 'h')
    .replace(/dzh|zh|dj|j/g, 'k')
    .replace(/shch|tsch|tch|sch|sh|ch|ts|tz|dz|ph/g, (found) => (found === 'ph' ? 'b' : 's'))
    .replace(/[gqc]/g, 'k')
    .replace(/[pfv]/g, 'b')
    .replace(/[zx]/g, 's')
    .replace(/d/g, 't')
    .replace(/r/g, 'l')
    .replace(/[^kbstlmn]/g, '');
}

function cleaned(name: string): string {
  return name
    .normalize('NFKC')
    .replace(hidden, '')
    .replace(separators, ' ')
    .replace(symbols, '')
    .normalize('NFC');
}

function transliterated(text: string): string {
  const plain = text.toLowerCase().normalize('NFD').replace(stressMarks, '').normalize('NFC');
  const sounds = soundsOfLetters.reduce((word, [from, to]) => word.replace(from, to), plain);
  return foldName(anyAscii(sounds));
}

/** Every letter outside Latin as the Latin one it looks like; others as they are read. */
function asItLooks(text: string): string {
  const letters = [...text.normalize('NFD').replace(/\p{M}/gu, '')].map((letter) => {
    if (isAscii(letter) || !/\p{L}/u.test(letter)) {
      return anyAscii(letter);
    }
    const alike = unhomoglyph(letter).replace(kra, 'k');
    return anyAscii(/\d/.test(alike) ? letter : alike);
  });
  return foldName(letters.join(''));
}

/** Word by word: one that mixes scripts imitates a Latin word, one that does not is a word of its script. */
function mixed(text: string): string {
  return foldName(
    text
      .split(' ')
      .map((word) => (latinWord.test(word) ? asItLooks(word) : transliterated(word)))
      .join(' '),
  );
}

function isReadable(character: string): boolean {
  return (
    !/[\p{L}\p{N}\p{Co}\p{Cn}\p{Cs}]/u.test(character) ||
    silent.test(character) ||
    anyAscii(character) !== ''
  );
}

function isAscii(text: string): boolean {
  return /^[\p{ASCII}]*$/u.test(text);
}

function present(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter(Boolean))];
}
