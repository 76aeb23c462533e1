import { parseArgs } from 'node:util';

/** One option of a script: what `parseArgs` takes, and what help says about it. */
export interface ScriptOption {
  readonly type: 'boolean' | 'string';
  /** Shown in help, such as `FILE`. */
  readonly value?: string;
  readonly help: string;
  /** An environment variable that stands for the option where it is not given. */
  readonly variable?: string;
}

type ScriptOptions = Readonly<Record<string, ScriptOption>>;

export interface Script<Options extends ScriptOptions = ScriptOptions> {
  /** As it is typed, such as `npm start`. */
  readonly command: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  readonly options: Options;
  /** The words it takes besides options, in their order, and what each may be. */
  readonly words?: readonly { readonly name: string; readonly help: string }[];
  /** Whether what the script does not know is meant for another program, and not refused. */
  readonly passesOn?: boolean;
}

/** What was given to a script. */
export interface Given<Options extends ScriptOptions> {
  readonly options: {
    readonly [Name in keyof Options]: Options[Name]['type'] extends 'boolean'
      ? boolean
      : string | undefined;
  };
  readonly words: readonly string[];
  /** What is meant for another program, in the order it was typed. */
  readonly rest: readonly string[];
}

/** What was typed cannot be meant; the script's help is shown with the message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const helpOption: ScriptOption = { type: 'boolean', help: 'show this text' };

/**
 * Runs a script as all of them are run: `--help` only explains, an option that is not known is refused with
 * the explanation (2), and what `run` throws is told in its own words (1).
 */
export async function runScript<const Options extends ScriptOptions>(
  script: Script<Options>,
  run: (given: Given<Options>) => Promise<number> | number,
): Promise<void> {
  try {
    const given = readCommandLine(script, process.argv.slice(2), process.env);
    if (given === 'help') {
      process.stdout.write(`${helpOf(script)}\n`);
      return;
    }
    process.exitCode = await run(given);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n${isUsage ? `\n${helpOf(script)}\n` : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

/** @throws UsageError that names what is not known. */
export function readCommandLine<const Options extends ScriptOptions>(
  { options, words = [], passesOn = false }: Script<Options>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Given<Options> | 'help' {
  const ownNames = [...Object.keys(options), 'help'].map((name) => `--${name}`);
  const isOwn = (arg: string): boolean => ownNames.includes(arg);
  const rest = passesOn ? args.filter((arg) => !isOwn(arg)) : [];
  const own = passesOn ? args.filter(isOwn) : args;
  const { values, positionals } = parse({ ...options, help: helpOption }, own);
  if (values['help'] === true) {
    return 'help';
  }
  const [unknown] = positionals.slice(words.length);
  if (unknown !== undefined) {
    throw new UsageError(`Unexpected argument '${unknown}'`);
  }
  const given = Object.entries(options).map(([name, { type, variable }]) => {
    const inherited = type === 'string' && variable ? env[variable] || undefined : undefined;
    return [name, values[name] ?? (type === 'boolean' ? false : inherited)];
  });
  return {
    options: Object.fromEntries(given) as Given<Options>['options'],
    words: positionals,
    rest,
  };
}

function parse(
  options: ScriptOptions,
  args: readonly string[],
): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // The rest of the message is about arguments that begin with a dash.
    const [message = ''] = (error as Error).message.split('. ');
    throw new UsageError(message);
  }
}

/** The text of `--help`, at most 80 columns wide. */
export function helpOf({ command, summary, options, words = [] }: Script): string {
  const rows = [
    ...words.map(({ name, help }) => [name, help] as const),
    ...Object.entries({ ...options, help: helpOption }).map(([name, option]) => {
      const { value, variable, help } = option;
      const text = variable === undefined ? help : `${help} (or ${variable})`;
      return [`--${name}${value === undefined ? '' : ` ${value}`}`, text] as const;
    }),
  ];
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const lines = rows.map(([left, right]) =>
    wrap(right, 78 - width)
      .map((line, index) => `  ${(index === 0 ? left : '').padEnd(width)}${line}`)
      .join('\n'),
  );
  const usage = [command, '--', ...words.map(({ name }) => name), '[options]'].join(' ');
  return [usage, '', ...wrap(summary, 80), '', ...lines].join('\n');
}

/** Breaks a text between words, so that no line is longer than `width`. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
    return lines;
  }, []);
}
