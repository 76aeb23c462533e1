/** A name as the matchers compare it: lower case, no accents, no punctuation, words parted by single blanks. */
export function foldName(name: string): string {
  return name
    .replace(/[.,\-]/g, ' ')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{Mn}\p{P}\p{S}]/gu, '')
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The words of a folded name. */
export function wordsOf(foldedName: string): readonly string[] {
  return foldedName === '' ? [] : foldedName.split(' ');
}
