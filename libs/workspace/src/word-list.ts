/** Words that are not used here, and what a reader of the field expects instead. */
export interface UnusedWords {
  readonly words: readonly string[];
  readonly instead: string;
}

/** Whole words, in any case, in documents, comments and texts; a space matches a line end too. */
export const unusedWords: readonly UnusedWords[] = [
  { words: ['for ever'], instead: 'indefinitely, or permanently' },
  { words: ['anew'], instead: 'again' },
  { words: ['the own'], instead: "the caller's" },
  { words: ['mend', 'mends', 'mended', 'mending'], instead: 'fix, or repair' },
  { words: ['those who check the books', 'who checks the books'], instead: 'auditors' },
  { words: ['by its being there'], instead: 'automatically' },
  { words: ['in vain'], instead: 'without success' },
  { words: ['lest'], instead: 'so that ... not' },
];
