import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = process.env.FACESIEVE_CHROMIUM ?? '/usr/bin/chromium';

/** Why there is no browser to test with; undefined when there is one. */
export const noChromium = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}: install Chromium, or name one in FACESIEVE_CHROMIUM`;

/** How long a page may take for anything: a busy machine needs longer than Playwright's 30 s. */
const timeout = 300_000;

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox'], timeout });

/** An empty page with cookies of its own. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(timeout);
  return page;
}
