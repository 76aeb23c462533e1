import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oldestNode, refusalOf } from './node-version.js';

describe('The oldest Node', () => {
  it('is the one of the workspace', () => {
    const manifest = new URL('../../../package.json', import.meta.url);
    const { engines } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    expect(`${engines.node}.0`).toBe(`>=${oldestNode}`);
  });

  it.each([
    ['18.20.8', true],
    ['20.18.9', true],
    ['20.19.0', false],
    ['20.20.2', false],
    ['24.21.0', false],
  ])('judges %s', (version, isRefused) => {
    expect(refusalOf(version) !== null).toBe(isRefused);
  });

  it('says in one line what is wrong and what to do', () => {
    expect(refusalOf('18.20.8')).toBe(
      'Specie needs Node 20.19.0 or newer, this is 18.20.8: install a newer Node, or start through npm, which brings its own',
    );
  });
});
