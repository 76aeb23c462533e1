import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['libs/*', 'services/*'],
    globalSetup: ['./vitest.postgres.ts', './vitest.kafka.ts', './vitest.chromium.ts'],
    allowOnly: false,
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'tmp/tests.json' }]]
      : ['default'],
  },
});
