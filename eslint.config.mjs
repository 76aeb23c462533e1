import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const services = readdirSync(join(import.meta.dirname, 'services'));

// Without a stock `*` rule an untagged project fails: the boundaries fail closed.
const depConstraints = [
  {
    sourceTag: 'type:kernel',
    onlyDependOnLibsWithTags: ['type:kernel'],
    bannedExternalImports: ['@nestjs/*', 'pg', 'pg-*', 'typeorm', 'kafkajs'],
  },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: ['type:kernel'],
    allowedExternalImports: ['zod'],
  },
  {
    sourceTag: 'type:adapter',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:adapter'],
  },
  {
    sourceTag: 'type:platform',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:adapter'],
  },
  // What several services have as one of their subjects.
  {
    sourceTag: 'type:capability',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:adapter', 'type:platform'],
  },
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: [
      'type:kernel',
      'type:contracts',
      'type:adapter',
      'type:platform',
      'type:capability',
    ],
  },
  {
    sourceTag: 'type:service-testing',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:adapter', 'type:platform'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts'] },
  {
    sourceTag: 'type:tooling',
    onlyDependOnLibsWithTags: [
      'type:kernel',
      'type:contracts',
      'type:adapter',
      'type:testing',
      'type:tooling',
    ],
  },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  ...services.map((service) => ({
    sourceTag: `scope:${service}`,
    onlyDependOnLibsWithTags: [`scope:${service}`, 'scope:shared'],
  })),
];
const onThePlatform = ['type:platform', 'type:capability', 'type:service'];
// Specs of adapters and of what stands on them may use the testing libs as well.
const specDepConstraints = depConstraints.map((constraint) => {
  if (['type:adapter', ...onThePlatform].includes(constraint.sourceTag)) {
    return {
      ...constraint,
      onlyDependOnLibsWithTags: [
        ...constraint.onlyDependOnLibsWithTags,
        'type:testing',
        'type:tooling',
        ...(onThePlatform.includes(constraint.sourceTag)
          ? ['type:service-testing', 'type:capability']
          : []),
      ],
    };
  }
  return constraint.sourceTag === 'type:contracts'
    ? {
        ...constraint,
        allowedExternalImports: ['zod', 'vitest', 'fast-check', '@asyncapi/parser', 'node:*'],
      }
    : constraint;
});
const boundaries = (constraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    depConstraints: constraints,
    // Specs of the platform alone; TypeScript's project references keep the sources free of circles.
    ignoredCircularDependencies: ['attestation', 'eligibility', 'service-testing'].map((name) => [
      'nest-platform',
      name,
    ]),
  },
];

// Everything in a service is pure unless its suffix says that it is an adapter.
const adapterSuffixes =
  'handler,controller,dto,consumer,projection,query,table,sweep,adapter,subject,module,config,migration';
const pureCode = [
  'services/*/src/**/*.ts',
  'libs/{event-sourcing,quantities,matching-core}/src/**/*.ts',
];
const impureCode = [
  `services/*/src/**/*.{${adapterSuffixes}}.ts`,
  'services/*/src/main.ts',
  '**/*.spec.ts',
  '**/workload/**',
  '**/journal-file.ts',
];
const impureGlobals = ['process', 'performance', 'setTimeout', 'setInterval', 'fetch', 'crypto'];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.specie/**',
      'tmp/**',
      '**/fixtures/**/*.txt',
      'docs/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: {
        project: [
          'libs/*/tsconfig.spec.json',
          'services/*/tsconfig.spec.json',
          'tsconfig.root.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: 'error',
      curly: ['error', 'multi-line'],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(specDepConstraints),
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[property.name='only']",
          message: 'A focused test hides the others; remove `.only`.',
        },
      ],
    },
  },
  {
    files: pureCode,
    ignores: impureCode,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@nestjs/*', 'typeorm', 'pg', 'pg-*', 'kafkajs', 'node:*', 'zod', 'rxjs'],
              message:
                'A file without an adapter suffix is pure: facts arrive on the command, effects happen in adapters.',
            },
            {
              group: adapterSuffixes.split(',').map((suffix) => `**/*.${suffix}.js`),
              message: 'A file without an adapter suffix is pure and does not know the adapters.',
            },
            {
              group: [
                '@specie/nest-platform',
                '@specie/eligibility',
                '@specie/attestation',
                '@specie/postgres-event-store',
                '@specie/event-bus',
              ],
              allowTypeImports: true,
              message:
                'A file without an adapter suffix is pure and takes only types of the platform.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        ...impureGlobals.map((name) => ({
          name,
          message: 'A file without an adapter suffix is pure; pass the value in on the command.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'No clock in pure code: use metadata.now.',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'No clock in pure code: use metadata.now.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'No randomness in pure code: ids arrive on the command.',
        },
        {
          selector: "CallExpression[callee.property.name='toFixed']",
          message: 'No floating-point text in pure code: use formatMicro.',
        },
        {
          selector: "CallExpression[callee.name='parseFloat']",
          message: 'No floats: use parseMicro.',
        },
        {
          selector: "ImportDeclaration[source.value='@specie/contracts'][importKind!='type']",
          message:
            'Pure code imports event types only (`import type`), or @specie/contracts/streams and /ids.',
        },
      ],
    },
  },
  {
    files: ['services/*/src/**/*.{consumer,sweep}.ts', 'libs/attestation/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.property.name=/^(handle|handleMany|submit|append)$/]' +
            ":not(CallExpression[callee.name='requireSettled'] > AwaitExpression > CallExpression)",
          message:
            'Nobody waits for this answer: write requireSettled(await ...), so that what can be tried again is tried again.',
        },
      ],
    },
  },
  {
    files: ['services/*/src/**/*.controller.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'kafkajs',
                'pg',
                'typeorm',
                '**/*.table.js',
                '**/*.decider.js',
                '**/*.state.js',
              ],
              message: 'A controller calls a handler or a query; rows and decisions are theirs.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "MethodDefinition[kind='method'] > FunctionExpression > BlockStatement[body.length>2]",
          message: 'A route is one line: call the handler of its command, or a query.',
        },
      ],
    },
  },
  {
    // Configuration of tools, not code of the project.
    files: ['**/vitest.config.ts', '*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    // Command line programs print.
    files: ['libs/{demo,bench,local-platform,workspace}/src/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  prettier,
);
