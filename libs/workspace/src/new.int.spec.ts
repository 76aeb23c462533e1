import { ESLint } from 'eslint';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeSet, type Change } from './new/change-set.js';
import { addCommand } from './new/new-command.js';
import { readShape } from './new/subject-shape.js';
import { Name } from './new/words.js';
import { copyRepository } from './repository-copy.js';
import { repositoryRoot } from './repository.js';

interface Case {
  readonly service: string;
  readonly subject: string;
  readonly command: string;
  readonly event: string;
  readonly refusals: readonly string[];
}

const cases: readonly Case[] = [
  {
    ...{ service: 'issuance', subject: 'account', command: 'freeze-account' },
    ...{ event: 'account-frozen', refusals: ['account_unknown', 'account_frozen'] },
  },
  {
    ...{ service: 'deals', subject: 'company', command: 'dissolve-company' },
    ...{ event: 'company-dissolved', refusals: ['company_unknown', 'shares_outstanding'] },
  },
  {
    ...{ service: 'market', subject: 'session', command: 'suspend-calendar' },
    ...{ event: 'calendar-suspended', refusals: ['book_unknown', 'calendar_suspended'] },
  },
  {
    ...{ service: 'metering', subject: 'reservation', command: 'extend-reservation' },
    ...{ event: 'reservation-extended', refusals: ['reservation_unknown', 'reservation_closed'] },
  },
  {
    ...{ service: 'compliance', subject: 'party', command: 'rename-party' },
    ...{ event: 'party-renamed', refusals: ['party_unknown', 'name_unchanged'] },
  },
];
const minutes = 60_000;
const compiler = 'node_modules/typescript-native/bin/tsc';

/** Also a subject in a service that is there, and a service with its first subject; by the command line. */
const others = [
  ['subject', 'issuance', 'credit-line'],
  ['service', 'insurance', 'policy'],
] as const;

describe('A new command of every service, a subject and a service', () => {
  let copy: string;
  const made = new Map<string, readonly Change[]>();
  const filesOf = (service: string): readonly string[] =>
    (made.get(service) ?? []).map(({ path }) => path).filter((path) => path.endsWith('.ts'));

  beforeAll(async () => {
    copy = copyRepository('specie-new-');
    for (const { service, subject, command, event, refusals } of cases) {
      const changes = new ChangeSet(copy);
      addCommand(changes, {
        shape: readShape(changes, new Name(service, ''), new Name(subject, '')),
        ...{ command: new Name(command, ''), event: new Name(event, '') },
        ...{ refusals, roles: ['auditor'] },
      });
      made.set(service, changes.list());
      await changes.write();
    }
    expect(run(copy, [compiler, '-b', 'libs/workspace'])).toBe('');
    for (const words of others) {
      expect(run(copy, ['libs/workspace/dist/new.js', ...words])).toMatch(
        /files are left to finish/,
      );
    }
  }, 2 * minutes);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it(
    'builds',
    () => {
      expect(run(copy, [compiler, '-b', 'services/issuance', 'services/insurance'])).toBe('');
      const folders = ['services/*/src', 'services/*/test', 'libs/ledger-audit/src'];
      const all = {
        extends: './tsconfig.base.json',
        compilerOptions: { composite: false, declaration: false, declarationMap: false },
        include: folders.map((folder) => `${folder}/**/*.ts`),
      };
      writeFileSync(join(copy, 'tsconfig.all.json'), JSON.stringify(all));
      expect(run(copy, [compiler, '-p', 'tsconfig.all.json', '--noEmit'])).toBe('');
    },
    2 * minutes,
  );

  it(
    'lints',
    async () => {
      // Only the projects of these files: the parser would read all that stand before them in the list.
      const projects = ['contracts', 'ledger-audit'].map((name) => `libs/${name}`);
      projects.push('services/issuance', 'services/insurance');
      const eslint = new ESLint({
        cwd: copy,
        overrideConfig: {
          languageOptions: {
            parserOptions: {
              project: projects.map((name) => `${name}/tsconfig.spec.json`),
              tsconfigRootDir: copy,
            },
          },
          // Needs the graph of all projects; the imports are those of the neighbours.
          rules: { '@nx/enforce-module-boundaries': 'off' },
        },
      });
      const folders = ['issuance/src/credit-line', 'insurance'].map((name) => `services/${name}`);
      const results = await eslint.lintFiles([...filesOf('issuance'), ...folders]);
      const messages = results.flatMap(({ filePath, messages: found }) =>
        found.map(({ message, line }) => `${filePath}:${line} ${message}`),
      );
      expect(messages).toEqual([]);
    },
    2 * minutes,
  );

  it('is formatted', async () => {
    const config = await resolveConfig(join(repositoryRoot, 'package.json'));
    const generated = cases.flatMap(({ service }) => filesOf(service));
    for (const path of [...generated, 'tsconfig.json', 'docker-compose.yml', 'README.md']) {
      const filepath = join(copy, path);
      const isFormatted = await check(readFileSync(filepath, 'utf8'), { ...config, filepath });
      expect(isFormatted, path).toBe(true);
    }
  });

  it(
    'has a refusal table that fails, and breaks no other rule of its subject',
    () => {
      const specs = cases.flatMap(({ service }) =>
        filesOf(service).filter((path) => path.endsWith('.decider.spec.ts')),
      );
      const report = join(copy, 'tmp/specs.json');
      run(copy, [
        'node_modules/vitest/vitest.mjs',
        ...['run', ...specs, 'credit-line', 'policy', 'services.arch'],
        ...['--reporter', 'json', '--outputFile', report],
      ]);
      const failed = failedTests(report);
      const expected = cases.flatMap(({ command, refusals }) => {
        const title = new Name(command, '').sentence;
        return [
          `${title} folds what it records`,
          ...refusals.map((code) => `${title} refuses with ${code}`),
        ];
      });
      const first = [
        'Register credit line refuses with credit_line_registered_differently',
        'Register policy refuses with policy_registered_differently',
      ];
      expect([...failed].sort()).toEqual([...expected, ...first].sort());
    },
    2 * minutes,
  );

  it('leaves as many files to a person as CONTRIBUTING says', () => {
    const text = readFileSync(join(repositoryRoot, 'docs/CONTRIBUTING.md'), 'utf8');
    const [, most, together] =
      /at most (\d+) files are left, at least (\d+) of them in the folder/.exec(text) ?? [];
    const counts = cases.map(({ service, subject }) => {
      const left = (made.get(service) ?? []).filter((change) => change.left !== null);
      const folder = `services/${service}/src/${subject}/`;
      return [left.length, left.filter(({ path }) => path.startsWith(folder)).length] as const;
    });
    expect(Math.max(...counts.map(([all]) => all))).toBe(Number(most));
    expect(Math.min(...counts.map(([, own]) => own))).toBe(Number(together));
    expect(Number(most)).toBeLessThanOrEqual(10);
    expect(Number(together)).toBeGreaterThanOrEqual(7);
  });

  it('leaves nothing in files that it says are complete', () => {
    const complete = [...made.values()].flat().filter(({ left }) => left === null);
    const open = complete.filter(({ path }) =>
      readFileSync(join(copy, path), 'utf8').includes('Write here'),
    );
    expect(open).toEqual([]);
  });

  it('is refused where a name is taken or a subject has no state', () => {
    const changes = new ChangeSet(copy);
    const shape = readShape(changes, new Name('issuance', ''), new Name('account', ''));
    const again = (command: string, event: string) => () =>
      addCommand(changes, {
        ...{ shape, command: new Name(command, ''), event: new Name(event, '') },
        ...{ refusals: ['account_unknown'], roles: ['auditor'] },
      });
    expect(again('freeze-account', 'account-unfrozen')).toThrow(/choose another name/);
    expect(again('unfreeze-account', 'company-dissolved')).toThrow(
      /deals has an event company-dis/,
    );
    expect(again('receive-mint', 'mint-received')).toThrow(/declares receiveMint already/);
    expect(() => readShape(changes, new Name('issuance', ''), new Name('coverage', ''))).toThrow(
      /coverage has no state of its own.*account, credit-line, provider/,
    );
    expect(() => readShape(changes, new Name('issuance', ''), new Name('loan', ''))).toThrow(
      /npm run new -- subject issuance loan/,
    );
    expect(() => new Name('Account', 'SUBJECT')).toThrow(/SUBJECT: words in lower case/);
    const script = 'libs/workspace/dist/new.js';
    expect(run(copy, [script])).toMatch(/^Name what to make: command, subject or service/);
    expect(run(copy, [script, 'command', 'issuance', 'account', 'close'])).toMatch(
      /^--event: what/,
    );
    const close = [script, 'command', 'issuance', 'account', 'close', '--event', 'account-closed'];
    expect(run(copy, [...close, '--roles', 'banker'])).toMatch(
      /^--roles: some of .*, not 'banker'/,
    );
    expect(run(copy, [...close, '--refusals', 'Unknown'])).toMatch(/^--refusals: codes such as/);
    expect(run(copy, [script, 'subject', 'issuance', 'account'])).toMatch(
      /account is there already/,
    );
    expect(run(copy, [script, 'service', 'insurance'])).toMatch(/^there is a service insurance/);
  });
});

function run(cwd: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    // Not as the run around it: that writes its report elsewhere.
    env: { ...process.env, CI: '', REQUIRE_KAFKA: '', SPECIE_KAFKA: '0' },
  });
  return `${stdout}${stderr}`;
}

function failedTests(report: string): readonly string[] {
  expect(existsSync(report)).toBe(true);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly testResults: readonly {
      readonly message: string;
      readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
    }[];
  };
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName.trim()),
  );
}
