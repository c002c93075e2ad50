import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page } from '../../src/report/page/page.js';
import { launchChromium, newPage } from '../helpers/chromium.js';
import { decisions, hostile, hostileReport, picturesOf } from '../helpers/hostile-report.js';
import { noChromium } from '../helpers/installed.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

let browser: Browser;

/** Address of a page that tells of hostile names. */
function hostilePage(): string {
  const report = hostileReport(100);
  const file = join(temporaryFolder(), 'report.html');
  writeFileSync(file, page(report, picturesOf(report)));
  return pathToFileURL(file).href;
}

describe.skipIf(noChromium)(`the page in a browser${noChromium ? `, skipped: ${noChromium}` : ''}`, () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it('is read whole without scripts and without a network, and asks for nothing', async () => {
    const tab = await newPage(browser, { javaScriptEnabled: false, offline: true });
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    const address = hostilePage();
    await tab.goto(address);
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([address]);
    const text = await tab.locator('body').innerText();
    for (const name of [hostile[0], hostile[1], hostile[2], hostile[5]]) expect(text).toContain(name);
    for (const decision of decisions) expect(text).toContain(decision);
    await tab.close();
  });

  it.each([
    [390, 'screen'],
    [1440, 'screen'],
    [718, 'print'],
  ] as const)('fits %i pixels of a %s', async (width, media) => {
    const tab = await newPage(browser, { viewport: { width, height: 900 } });
    await tab.emulateMedia({ media });
    await tab.goto(hostilePage());
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await tab.close();
  });

  it('runs nothing that a name says', async () => {
    const tab = await newPage(browser);
    const dialogs: string[] = [];
    tab.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await tab.goto(hostilePage());
    expect(dialogs).toEqual([]);
    expect(await tab.locator('script, iframe, img:not(.face)').count()).toBe(0);
    await tab.close();
  });
});
