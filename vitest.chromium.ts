import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The browser's executable, or null where there is none. */
    chromiumPath: string | null;
    /** Why tests with a browser are skipped; null when they run. */
    chromiumSkipReason: string | null;
  }
}

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Tells the run where Chromium is: `CHROMIUM_PATH`, or one of the usual places. Without it the tests that
 * open pages say so and are skipped; `REQUIRE_CHROMIUM=1` makes that a failure.
 */
export default function findChromium(project: TestProject): void {
  const wanted = process.env['CHROMIUM_PATH'];
  const path = (wanted ? [wanted] : usualPaths).find((candidate) => existsSync(candidate)) ?? null;
  const reason = wanted
    ? `there is no file ${wanted} (CHROMIUM_PATH)`
    : 'there is no Chromium here: install it or set CHROMIUM_PATH';
  if (path === null && process.env['REQUIRE_CHROMIUM'] === '1') {
    throw new Error(`REQUIRE_CHROMIUM=1, but ${reason}`);
  }
  project.provide('chromiumPath', path);
  project.provide('chromiumSkipReason', path === null ? reason : null);
}
