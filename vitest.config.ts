import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['libs/*', 'services/*'],
    // Projects do not take this over: only `--maxWorkers` on the command line makes several workers.
    maxWorkers: 3,
    globalSetup: ['./vitest.postgres.ts', './vitest.kafka.ts', './vitest.chromium.ts'],
    allowOnly: false,
    reporters: process.env['CI']
      ? ['default', ['json', { outputFile: 'tmp/tests.json' }]]
      : ['default'],
  },
});
