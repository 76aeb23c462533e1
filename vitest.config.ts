import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['libs/*', 'services/*'],
    // The fastest of 2, 3 and 4 on two cores: 70, 64 and 68 s for three services.
    maxWorkers: 3,
    globalSetup: ['./vitest.postgres.ts', './vitest.kafka.ts', './vitest.chromium.ts'],
    allowOnly: false,
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'tmp/tests.json' }]]
      : ['default'],
  },
});
