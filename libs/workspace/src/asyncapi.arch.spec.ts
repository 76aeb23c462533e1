import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from './repository.js';

it('docs/asyncapi.json is a valid AsyncAPI 3 document', async () => {
  const text = readFileSync(join(repositoryRoot, 'docs/asyncapi.json'), 'utf8');
  const diagnostics = await new Parser().validate(text);
  expect(diagnostics.filter((finding) => Number(finding.severity) === 0)).toEqual([]);
});
