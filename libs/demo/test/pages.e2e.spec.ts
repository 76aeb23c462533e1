import { serviceNames, startPlatform, type Platform } from '@specie/local-platform';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const minutes = 60_000;
const executablePath = inject('chromiumPath');
const skipReason = inject('chromiumSkipReason');

/** The pages may ask nobody but the services. */
const quietBrowser = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(skipReason !== null)(
  `The pages people are sent to${skipReason === null ? '' : ` (skipped: ${skipReason})`}`,
  () => {
    let platform: Platform;
    let browser: Browser;
    beforeAll(async () => {
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
      platform = await startPlatform({ transport: 'postgres' });
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: quietBrowser });
    }, 5 * minutes);
    afterAll(async () => {
      await browser?.close();
      await platform?.stop();
    }, minutes);

    /** Opens a page and gathers what went wrong on it. */
    async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
      await page.goto(url);
      return { page, complaints };
    }

    it.each(serviceNames)('show the API of %s', async (service) => {
      const { page, complaints } = await open(`${platform.url(service)}/docs`);
      await page.locator('.swagger-ui .info .title').waitFor({ timeout: 20_000 });
      expect(await page.locator('.swagger-ui .info .title').innerText()).toMatch(
        new RegExp(service, 'i'),
      );
      expect(await page.locator('.opblock').count()).toBeGreaterThan(3);
      const first = page.locator('.opblock').first();
      const border = "getComputedStyle(document.querySelector('.opblock')).borderTopStyle";
      expect(await page.evaluate(border)).toBe('solid');
      await first.locator('.opblock-summary').click();
      await first.locator('.responses-wrapper').waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('lead from the root of a service to its page, and from there to every service', async () => {
      const { page, complaints } = await open(platform.url('issuance'));
      expect(page.url()).toBe(`${platform.url('issuance')}/docs`);
      const links = page.locator('nav a');
      expect(await links.allInnerTexts()).toEqual([...serviceNames]);
      await links.getByText('market').click();
      await page.locator('.swagger-ui .info .title').waitFor({ timeout: 20_000 });
      expect(page.url()).toBe(`${platform.url('market')}/docs`);
      expect(complaints).toEqual([]);
      await page.close();
    });
  },
);
