/** Legal forms and their like: any number of companies bear them, so they tell none from another. */
const companyWords = new Set(
  (
    'the and limited ltd llc llp lllp inc incorporated corp corporation company companies plc gmbh mbh kgaa ' +
    'holding holdings group sarl eurl sprl bvba sicav kabushiki kaisha aktiengesellschaft gesellschaft ' +
    'sociedad societe anonima anonyme ltda limitada cia compania compagnie pjsc ojsc cjsc jsc llc fze fzco ' +
    'fzc fzllc pte pty pvt bhd berhad tbk kft nyrt zrt eood spzoo obshchestvo'
  ).split(' '),
);

/** Legal forms that are also names of people or parts of such. */
const shortForms = new Set(
  (
    'sa ag as ab oy oyj bv nv kg kk co ao oo ooo oao zao pao tov too spa srl sro doo dd ad ead ood ' +
    'sdn sae sal saoc fz wll est ets lda rl cv sab sas scs snc ei sc lp pt cc'
  ).split(' '),
);

export function isCompanyWord(word: string): boolean {
  return companyWords.has(word);
}

/** The words that tell a company from another; all of them if none would be left. */
export function distinctiveWords(
  words: readonly string[],
  isOrganisation: boolean,
): readonly string[] {
  return words.filter(
    (word) => !companyWords.has(word) && !(isOrganisation && shortForms.has(word)),
  );
}

/** Single letters that follow one another as the one word they are: "a b c trading" is "abc trading". */
export function joinInitials(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let initials: string[] = [];
  const close = (): void => {
    if (initials.length > 0) {
      joined.push(initials.join(''));
      initials = [];
    }
  };
  for (const word of words) {
    if (word.length === 1) {
      initials.push(word);
    } else {
      close();
      joined.push(word);
    }
  }
  close();
  return joined;
}
