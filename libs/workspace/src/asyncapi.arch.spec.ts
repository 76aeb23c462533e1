import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from './repository.js';

it.each(['asyncapi', 'asyncapi-market-data'])('docs/%s.json is valid', async (name) => {
  const text = readFileSync(join(repositoryRoot, `docs/${name}.json`), 'utf8');
  const diagnostics = await new Parser().validate(text);
  expect(diagnostics.filter((finding) => Number(finding.severity) === 0)).toEqual([]);
});
