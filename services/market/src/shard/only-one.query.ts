import { Conflict, NotFound } from '@specie/nest-platform';

/**
 * The row with an id that its owner chose; several parties may have chosen the same one.
 *
 * @throws NotFound `<thing>_unknown`, Conflict `<thing>_ambiguous`
 */
export function onlyOne<T>(rows: readonly T[], thing: 'order' | 'withdrawal'): T {
  const [row, another] = rows;
  if (row === undefined) {
    throw new NotFound(`${thing}_unknown`);
  }
  if (another !== undefined) {
    throw new Conflict(`${thing}_ambiguous`, {
      detail: 'Several parties gave this id; name the one you mean with the query field partyId.',
    });
  }
  return row;
}
