import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './installed.js';

/** How long a page may take for anything: a busy machine needs longer than Playwright's 30 s. */
const timeout = 300_000;

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'], timeout });

/** An empty page with cookies of its own. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(timeout);
  return page;
}

/** Answers a question of the review page by a key, and waits until the page has gone on to the next one. */
export async function answerByKey(page: Page, key: string): Promise<void> {
  const asked = page.url();
  await page.keyboard.press(key);
  await page.waitForURL(({ href }) => href !== asked);
  await page.waitForSelector('#stage:not([aria-busy])');
}
