import type { UserWorkspaceConfig } from 'vitest/config';

/**
 * Settings every project's tests share. Tests run on the TypeScript sources (`@specie/source` export
 * condition), so no build is needed before them.
 */
export function projectDefaults(name: string): UserWorkspaceConfig {
  return {
    resolve: { conditions: ['@specie/source'] },
    ssr: { resolve: { conditions: ['@specie/source'] } },
    oxc: { decorator: { legacy: true } },
    test: {
      name,
      include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
      environment: 'node',
      // Projects do not inherit it from the root; without it each takes one worker less than there are cores.
      maxWorkers: 3,
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  };
}
