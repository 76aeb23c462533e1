import { describe, expect, it } from 'vitest';
import { helpOf, readCommandLine, UsageError, type Script } from './command-line.js';

const script = {
  command: 'npm run sail',
  summary: 'Sails to a harbour and comes back before the evening, unless the wind turns meanwhile.',
  options: {
    sail: { type: 'string', value: 'NAME', variable: 'SAIL', help: 'the sail to set' },
    fast: { type: 'boolean', help: 'take the short way, past the rocks that nobody has ever seen' },
  },
  words: [{ name: 'HARBOUR', help: 'where to go' }],
} as const satisfies Script;

describe('A command line', () => {
  it('gives options, the word, and variables where an option is not given', () => {
    const read = (args: readonly string[]) => readCommandLine(script, args, { SAIL: 'jib' });
    expect(read(['Ystad', '--fast'])).toEqual({
      options: { sail: 'jib', fast: true },
      words: ['Ystad'],
      rest: [],
    });
    expect(read(['--sail', 'genoa'])).toEqual({
      options: { sail: 'genoa', fast: false },
      words: [],
      rest: [],
    });
    expect(readCommandLine(script, [], { SAIL: '' })).toMatchObject({
      options: { sail: undefined },
    });
  });

  it.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['Ystad', 'Visby'], "Unexpected argument 'Visby'"],
    [['--fast=now'], "Option '--fast' does not take an argument"],
    [['--sail'], "Option '--sail <value>' argument missing"],
  ])('refuses %s', (args, message) => {
    expect(() => readCommandLine(script, args, {})).toThrow(new UsageError(message));
  });

  it('keeps what is meant for another program in order', () => {
    const { command, summary, options } = script;
    const passing = { command, summary, options, passesOn: true };
    expect(readCommandLine(passing, ['fast', '-t', 'a b', '--fast', '--bogus=1'], {})).toEqual({
      options: { sail: undefined, fast: true },
      words: [],
      rest: ['fast', '-t', 'a b', '--bogus=1'],
    });
  });

  it('explains itself within 80 columns', () => {
    expect(readCommandLine(script, ['--fast', '--help'], {})).toBe('help');
    expect(helpOf(script)).toBe(
      [
        'npm run sail -- HARBOUR [options]',
        '',
        'Sails to a harbour and comes back before the evening, unless the wind turns',
        'meanwhile.',
        '',
        '  HARBOUR      where to go',
        '  --sail NAME  the sail to set (or SAIL)',
        '  --fast       take the short way, past the rocks that nobody has ever seen',
        '  --help       show this text',
      ].join('\n'),
    );
  });
});
