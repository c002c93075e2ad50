import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentVerdicts } from '../../src/workspace/verdicts.js';
import { lookIntoWorkspace } from '../../src/workspace/workspace.js';
import { answerByKey, launchChromium, newPage } from '../helpers/chromium.js';
import { facesieve, facesieveJson, type Running, started } from '../helpers/cli.js';
import { noChromium } from '../helpers/installed.js';
import { guests, namedWorkspace } from '../helpers/named-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
let workspace: string;

describe.skipIf(noChromium)(`questions about names${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  let browser: Browser;
  let server: Running;
  let page: Page;
  const troubles: string[] = [];
  const verdicts = () => facesieveJson('identities', 'list', '-w', workspace).json.nameVerdicts;
  const nameOf = (path: string) => facesieveJson('explain', path, '-w', workspace).json.name as string;
  function imageVerdicts(): number {
    const opened = lookIntoWorkspace(workspace);
    try {
      return currentVerdicts(opened).size;
    } finally {
      opened.close();
    }
  }
  const ready = () => page.waitForSelector('#stage:not([aria-busy])');
  const heading = () => page.locator('#names-ask').innerText();
  const answered = () => page.locator('#progress-text').innerText();
  const listed = (text: string) => page.locator('#name-questions-list a', { hasText: text });
  /** Goes to a question in the list and waits until it is there, with what was said of it. */
  async function open(text: string, said: string): Promise<void> {
    await listed(text).click();
    await page.waitForURL(/#\/names\//);
    await page.locator('#names-screen').waitFor();
    await ready();
    await expect.poll(() => page.locator('#names-said').innerText()).toContain(said);
  }
  const count = (group: number) => page.locator(`#names-groups section:nth-child(${group + 1}) li`).count();

  beforeAll(async () => {
    workspace = await namedWorkspace(folder);
    expect(facesieve('sift', '-w', workspace).code).toBe(0);
    browser = await launchChromium();
    server = await started('review', '-w', workspace, '--no-open', '--port', '0', '--reviewer', 'ada');
    page = await newPage(browser);
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    await page.goto(server.json.url);
    await ready();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('come first, show the closest pairs and both sides, and are counted in the progress', async () => {
    expect(page.url()).toContain('#/names/');
    expect(await answered()).toMatch(/^0 of /);
    expect(await page.locator('#name-questions-list a').count()).toBe(2);
    await listed('A = J').click();
    await expect.poll(heading).toBe('Are A and J one person?');
    expect(await page.locator('#names-pairs li').count()).toBe(3);
    expect(await page.locator('#names-groups section').count()).toBe(2);
    expect(await count(0)).toBe(14);
  });

  it('are answered by J, lead on to the next one, and are undone by U, also after a reload', async () => {
    await page.keyboard.press('j');
    await expect.poll(heading).toBe('Is C more than one person?');
    await expect.poll(answered).toMatch(/^1 of /);
    expect(verdicts()).toMatchObject([{ verdict: { kind: 'merge', a: 'A', b: 'J', into: 'A' }, reviewer: 'ada' }]);
    await page.reload();
    await ready();
    await page.keyboard.press('u');
    await expect.poll(heading).toBe('Are A and J one person?');
    expect(await page.locator('#names-said').innerText()).toBe('not answered');
    expect(verdicts()).toEqual([]);
  });

  it('say with N that two names are not the same, and J replaces that answer', async () => {
    await page.keyboard.press('s'); // of a name that is split: nothing here
    await answerByKey(page, 'n');
    await expect.poll(verdicts).toMatchObject([{ verdict: { kind: 'different', a: 'A', b: 'J' } }]);
    await open('A = J', 'not the same by ada');
    await page.keyboard.press('j');
    await expect.poll(verdicts).toMatchObject([{ verdict: { kind: 'merge' } }]);
    expect(nameOf('J/0.jpg')).toBe('A');
    await expect.poll(() => listed('A = J').innerText()).toContain('✓');
  });

  it('split a name with S, after M has moved a face to the other side; a face is moved again later', async () => {
    await open('C: several people', 'not answered');
    expect(await heading()).toBe('Is C more than one person?');
    const [first, second] = [await count(0), await count(1)];
    const moved = (await page.locator('#names-groups [aria-current]').getAttribute('aria-label'))!;
    await page.keyboard.press('m');
    expect([await count(0), await count(1)]).toEqual([first - 1, second + 1]);
    expect(verdicts()).toHaveLength(1);
    await answerByKey(page, 's');
    await expect.poll(() => verdicts().length).toBe(2);
    expect(nameOf(moved)).toBe('C~2');
    expect(new Set([...Object.keys(guests), 'C/0.jpg', 'C/1.jpg'].map(nameOf))).toEqual(new Set(['C', 'C~2']));
    await open('C: several people', 'split by ada');
    for (let i = 0; i < first - 1; i++) await page.keyboard.press('ArrowRight');
    expect(await page.locator('#names-groups [aria-current]').getAttribute('aria-label')).toBe(moved);
    await page.keyboard.press('m');
    await page.keyboard.press('s');
    await expect.poll(() => nameOf(moved)).toBe('C');
    await page.keyboard.press('u');
    await expect.poll(() => nameOf(moved)).toBe('C~2');
    await page.keyboard.press('u');
    await expect.poll(() => verdicts().length).toBe(1);
    await open('C: several people', 'not answered');
    await page.keyboard.press('d'); // drops an image, says nothing of a name
    await page.keyboard.press('s');
    await page.keyboard.press('s'); // pressed twice by mistake
    await expect.poll(() => verdicts().length).toBe(2);
    await expect.poll(() => page.locator('#last-said').innerText()).toBe('C: split');
    expect(imageVerdicts()).toBe(0);
  });

  it('are not asked again after the next sift; the other images are under the new names', async () => {
    expect(facesieveJson('sift', '-w', workspace).json.proposals).toEqual({ merges: 0, splits: 0 });
    await page.goto(page.url().replace(/#.*/, '#/identity/J?show=keep&open=0'));
    await page.reload();
    await ready();
    await expect.poll(() => page.locator('#name').innerText()).toBe('A');
    expect(await page.locator('#name-questions-list a', { hasText: '✓' }).count()).toBe(
      await page.locator('#name-questions-list a').count(),
    );
    expect(troubles.filter((text) => !/status of (404|503)/.test(text))).toEqual([]);
  });
});
