import { execFileSync } from 'node:child_process';
import { ESLint } from 'eslint';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from './repository.js';

// Each text stands in for a file that exists, so that typed rules and the project graph see a real project.
const mustFail: readonly { readonly file: string; readonly code: string; readonly rule: string }[] =
  [
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: "import { Injectable } from '@nestjs/common';\nexport const a = Injectable;\n",
      rule: '@typescript-eslint/no-restricted-imports',
    },
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: "import { createHash } from 'node:crypto';\nexport const a = createHash;\n",
      rule: '@typescript-eslint/no-restricted-imports',
    },
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: "import { tokensMinted } from '@specie/contracts';\nexport const a = tokensMinted;\n",
      rule: 'no-restricted-syntax',
    },
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: 'export const a = (): Date => new Date();\n',
      rule: 'no-restricted-syntax',
    },
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: 'export const a = (): number => Date.now() + Math.random();\n',
      rule: 'no-restricted-syntax',
    },
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: "export const a = (): unknown => process.env['X'];\n",
      rule: 'no-restricted-globals',
    },
    {
      file: 'services/issuance/src/coverage/coverage.ts',
      code: "import { CoverageQuery } from './coverage.query.js';\nexport const a = CoverageQuery;\n",
      rule: '@typescript-eslint/no-restricted-imports',
    },
    {
      file: 'services/issuance/src/account/account-terms.ts',
      code: "import { Clock } from '@specie/nest-platform';\nexport const a = Clock;\n",
      rule: '@typescript-eslint/no-restricted-imports',
    },
    {
      file: 'services/issuance/src/account/account.controller.ts',
      code: "import { accountTable } from './account.table.js';\nexport const a = accountTable;\n",
      rule: 'no-restricted-imports',
    },
    {
      file: 'services/issuance/src/account/account.controller.ts',
      code: 'export class A {\n  b(): number {\n    const one = 1;\n    const two = one + one;\n    return two;\n  }\n}\n',
      rule: 'no-restricted-syntax',
    },
    {
      file: 'services/issuance/src/grant/deals.consumer.ts',
      code: "import type { CommandHandler } from '@specie/event-sourcing';\nexport const a = async (commands: CommandHandler): Promise<unknown> => {\n  const handled = await commands.handle({} as never);\n  return handled;\n};\n",
      rule: 'no-restricted-syntax',
    },
    {
      file: 'services/issuance/src/app.module.ts',
      code: "import { startPlatform } from '@specie/local-platform';\nexport const a = startPlatform;\n",
      rule: '@nx/enforce-module-boundaries',
    },
    {
      file: 'libs/nest-platform/src/subject.ts',
      code: "import { eligibilitySubject } from '@specie/eligibility';\nexport const a = eligibilitySubject;\n",
      rule: '@nx/enforce-module-boundaries',
    },
    {
      file: 'services/issuance/src/app.module.ts',
      code: "import { ServiceWorld } from '@specie/service-testing';\nexport const a = ServiceWorld;\n",
      rule: '@nx/enforce-module-boundaries',
    },
    {
      file: 'libs/event-sourcing/src/json.ts',
      code: "import { eventCodec } from '@specie/contracts';\nexport const a = eventCodec;\n",
      rule: '@nx/enforce-module-boundaries',
    },
    {
      file: 'libs/contracts/src/registry.ts',
      code: "import pg from 'pg';\nexport const a = pg;\n",
      rule: '@nx/enforce-module-boundaries',
    },
    {
      file: 'libs/quantities/src/integer.ts',
      code: 'export const a = (x: any): unknown => x;\n',
      rule: '@typescript-eslint/no-explicit-any',
    },
    {
      file: 'libs/quantities/src/integer.ts',
      code: 'export async function a(): Promise<void> {\n  await Promise.resolve();\n}\na();\n',
      rule: '@typescript-eslint/no-floating-promises',
    },
  ];

// The first text makes the parser read every project: minutes on a machine that is busy with other things.
describe('Lint', { timeout: 300_000 }, () => {
  const eslint = new ESLint({ cwd: repositoryRoot });

  beforeAll(() => {
    // With CI set the parser reads files from disk, not the texts given here.
    process.env['TSESTREE_SINGLE_RUN'] = 'false';
    // Without a project graph the boundary rule says so on one line, skips itself and passes.
    execFileSync(join(repositoryRoot, 'node_modules/.bin/nx'), ['show', 'projects'], {
      cwd: repositoryRoot,
      env: { ...process.env, NX_DAEMON: 'false' },
    });
  });

  it.each(mustFail)(
    '$rule fails in $file',
    async ({ file, code, rule }) => {
      const [result] = await eslint.lintText(code, { filePath: join(repositoryRoot, file) });
      expect(result?.messages.map((message) => message.ruleId)).toContain(rule);
    },
    // Whichever is first loads the types of its project and all that it needs.
    5 * 60_000,
  );

  it('passes a file as it should be', async () => {
    const [result] = await eslint.lintFiles([
      join(repositoryRoot, 'libs/quantities/src/integer.ts'),
    ]);
    expect(result?.messages).toEqual([]);
  });
});
