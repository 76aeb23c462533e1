import { writeHere } from './command-texts.js';
import type { Name } from './words.js';

/** A service that is asked for. */
export interface NewService {
  readonly service: Name;
  /** The one that its definition states, and those of its operators' port 1,000 above. */
  readonly port: number;
}

const references = ['event-sourcing', 'contracts', 'postgres-event-store', 'nest-platform'];

/** The files of a service besides those of its first subject, by their path in its folder. */
export function serviceTexts(
  { service, port }: NewService,
  versionOf: (dependency: string) => string,
): Readonly<Record<string, string>> {
  const name = service.kebab;
  const external = ['@nestjs/common', '@nestjs/core', '@nestjs/microservices'];
  const own = references.map((each) => `@specie/${each}`).sort();
  const others = ['reflect-metadata', 'rxjs', 'typeorm', 'zod'];
  const dependencies = Object.fromEntries(
    [...external, ...own, ...others].map((each) => [each, versionOf(each)]),
  );
  return {
    'package.json': json({
      name: `@specie/${name}`,
      version: '0.1.0',
      private: true,
      license: 'Apache-2.0',
      type: 'module',
      dependencies,
      devDependencies: { '@specie/service-testing': versionOf('@specie/service-testing') },
    }),
    'project.json': json({
      $schema: '../../node_modules/nx/schemas/project-schema.json',
      name,
      projectType: 'application',
      sourceRoot: `services/${name}/src`,
      tags: ['type:service', `scope:${name}`],
      targets: { build: {}, lint: {}, test: {} },
    }),
    'tsconfig.json': json({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        rootDir: 'src',
        outDir: 'dist',
        tsBuildInfoFile: 'dist/tsconfig.tsbuildinfo',
      },
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.spec.ts'],
      references: references.map((each) => ({ path: `../../libs/${each}` })),
    }),
    'tsconfig.spec.json': json({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        composite: false,
        noEmit: true,
        declaration: false,
        declarationMap: false,
      },
      include: ['src/**/*.ts', 'test/**/*.ts', '*.config.ts'],
    }),
    'vitest.config.ts': `import { defineProject } from 'vitest/config';
import { projectDefaults } from '../../vitest.shared.js';

export default defineProject(projectDefaults('${name}'));
`,
    'README.md': `# ${service.sentence}

${writeHere} what the service is for. Port ${port}.

## Streams

## Invariants

## Commands, events, rejections

## Known limits

Tests: \`vitest run --project ${name}\`.
`,
    'src/main.ts': `import '@specie/nest-platform/require-node';
import { startService } from '@specie/nest-platform';
import { ${service.camel}Service } from './app.module.js';

await startService(${service.camel}Service);
`,
    'src/app.module.ts': `import { defineService } from '@specie/nest-platform';

export const ${service.camel}Service = defineService({
  name: '${name}',
  port: ${port},
  api: { description: '${writeHere} what the service is for, and where a newcomer begins.' },
  subjects: [],
});
`,
    'test/tables.int.spec.ts': `import { describeTables } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { ${service.camel}Service } from '../src/app.module.js';

describeTables(${service.camel}Service, createTestDatabase);
`,
  };
}

/** What the compose file says of one service. */
export function composeText({ service, port }: NewService): string {
  const name = service.kebab;
  return `  ${name}:
    <<: *service
    environment:
      <<: *environment
      SERVICE: ${name}
      PORT: '${port}'
      INSTANCE_ID: ${name}
      ADVERTISED_URL: http://${name}:${port}
      DATABASE_URL: postgresql://specie_${name}:specie@postgres:5432/specie_${name}
    ports: ['127.0.0.1:${port}:${port}']
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
