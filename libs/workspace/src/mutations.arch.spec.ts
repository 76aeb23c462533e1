import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deciderMutations } from './decider-mutations.js';
import { foldMutations } from './fold-mutations.js';
import { repositoryRoot } from './repository.js';

const mutations = [...deciderMutations, ...foldMutations];

/** Update the snippet of a line that changed, or its fault is no longer planted. */
it('plants every fault of `npm run mutate` in a snippet that occurs once', () => {
  const elsewhere = mutations.flatMap(({ name, project, file, search }) => {
    const source = readFileSync(join(repositoryRoot, project, file), 'utf8');
    const count = source.split(search).length - 1;
    return count === 1 ? [] : [`${name}: ${count} times in ${project}/${file}: ${search}`];
  });
  expect(elsewhere).toEqual([]);
});

it('names every fault once', () => {
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});
