import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDecisions, writeDecisions } from '../../src/workspace/decisions.js';
import { discover } from '../../src/review/discover.js';
import { currentNameVerdicts } from '../../src/workspace/name-verdicts.js';
import { readPurifiedList } from '../../src/workspace/purified-list.js';
import { chooseRun } from '../../src/workspace/runs.js';
import { lookIntoWorkspace, openWorkspace, type Workspace } from '../../src/workspace/workspace.js';
import { answerByKey, launchChromium, newPage } from '../helpers/chromium.js';
import { facesieve, type Running, started } from '../helpers/cli.js';
import { noChromium } from '../helpers/installed.js';
import { namedWorkspace } from '../helpers/named-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
let workspace: string;
/** Two people who are nowhere by name, each under several names; and H under four other names. */
const zo = ['B/2.jpg', 'D/3.jpg', 'E/4.jpg', 'F/5.jpg', 'G/6.jpg'];
const yu = ['B/7.jpg', 'D/8.jpg', 'H/4.jpg', 'I/5.jpg'];
const hs = ['D/10.jpg', 'E/11.jpg', 'F/12.jpg', 'G/13.jpg'];
const each = (paths: readonly string[], whose: string) => Object.fromEntries(paths.map((path) => [path, whose]));

/** As a rule decides that knows no other name: H's images are dropped where they lie under others. */
function dropHs(folder: string): void {
  const workspace = openWorkspace(folder, false);
  const { id } = chooseRun(workspace, undefined, 'sift');
  const decisions = readDecisions(workspace, id);
  writeDecisions(
    workspace,
    id,
    decisions.map((one) => (hs.includes(one.path) ? { ...one, decision: 'drop', suggestedIdentity: null } : one)),
  );
  workspace.close();
}

describe.skipIf(noChromium)(`people among dropped images${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  let browser: Browser;
  let server: Running;
  let look: Workspace;
  let page: Page;
  const troubles: string[] = [];
  const verdicts = () => currentNameVerdicts(look).map(({ verdict, reviewer }) => ({ verdict, reviewer }));
  const finalOf = (paths: readonly string[]) => {
    const images = new Map(readPurifiedList(look).images.map((image) => [image.path, image.finalIdentity]));
    return [...new Set(paths.map((path) => images.get(path)))];
  };
  const soon = { timeout: 20_000 };
  const ready = () => page.waitForSelector('#stage:not([aria-busy])');
  const heading = () => page.locator('#names-ask').innerText();
  const said = () => page.locator('#names-said').innerText();
  const listed = (text: string) => page.locator('#name-questions-list a', { hasText: text });
  const shown = (group: number) =>
    page
      .locator(`#names-groups section:nth-child(${group + 1}) button`)
      .evaluateAll((buttons) => buttons.map((made) => made.getAttribute('aria-label')!).sort());
  async function open(text: string, saying: string): Promise<void> {
    await listed(text).click();
    await page.locator('#names-screen').waitFor();
    await ready();
    await expect.poll(said, soon).toContain(saying);
  }

  beforeAll(async () => {
    workspace = await namedWorkspace(folder, { ...each(zo, 'stranger'), ...each(yu, 'yu'), ...each(hs, 'H') });
    expect(facesieve('sift', '-w', workspace).code).toBe(0);
    dropHs(workspace);
    look = lookIntoWorkspace(workspace);
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
    look?.close();
  });

  it('are found while the page is open, come after the questions about names, and are counted in the progress', async () => {
    await listed('unknown-001').waitFor();
    expect(await page.locator('#name-questions-list a span:first-child').allInnerTexts()).toEqual([
      ...['C: several people', 'A = J'],
      ...['unknown-001?', 'unknown-002?', 'Dropped: H?'],
    ]);
    await expect.poll(() => page.locator('#progress-text').innerText(), soon).toMatch(/^0 of /);
    expect(await page.locator('#name-search').isHidden()).toBe(true);
    await open('unknown-001', 'not answered');
    expect(await heading()).toBe('Are these 5 dropped images one unknown person?');
    expect(await shown(0)).toEqual(zo);
    expect(await page.locator('#names-about').innerText()).toContain('found under B, D, E, F, G');
  });

  it('become a person by J, but for the faces that M takes out; U takes it back, also after a reload', async () => {
    await page.keyboard.press('m');
    expect(await heading()).toBe('Are these 4 dropped images one unknown person?');
    const [out] = await shown(1);
    await answerByKey(page, 'j');
    await expect.poll(heading, soon).toBe('Are these 4 dropped images one unknown person?');
    await expect.poll(() => shown(0), soon).toEqual(yu);
    const images = zo.filter((path) => path !== out);
    expect(verdicts()).toMatchObject([
      { verdict: { kind: 'discover', name: 'unknown-001', images, others: [out] }, reviewer: 'ada' },
    ]);
    expect([finalOf(images), finalOf([out])]).toEqual([['unknown-001'], [null]]);
    await page.reload();
    await ready();
    await page.keyboard.press('u');
    await expect.poll(heading, soon).toBe('Are these 5 dropped images one unknown person?');
    expect(await said()).toBe('not answered');
    expect(verdicts()).toEqual([]);
    await answerByKey(page, 'j');
    await expect.poll(verdicts, soon).toMatchObject([{ verdict: { kind: 'discover', images: zo } }]);
  });

  it('are no person by N, and then neither the page nor discover asks again', async () => {
    await expect.poll(() => shown(0), soon).toEqual(yu);
    await answerByKey(page, 'n');
    await expect.poll(() => verdicts().length, soon).toBe(2);
    expect(verdicts()[1]).toMatchObject({ verdict: { kind: 'unrelated', images: yu } });
    await expect.poll(() => page.locator('#name-questions-list a', { hasText: '✓' }).count(), soon).toBe(2);
    expect(discover(look, 3)).toMatchObject({ clusters: [], known: [{ name: 'H', images: hs }], answered: 2 });
    await open('unknown-002', 'not one person by ada');
  });

  it('are asked about beside the person they seem to be, and become theirs, or whoever I says', async () => {
    await open('Dropped: H?', 'not answered');
    expect(await heading()).toBe('Are these 4 dropped images H?');
    expect(await page.locator('#names-groups section[aria-label=H] li:not(:has(button))').count()).toBe(13);
    await answerByKey(page, 'j');
    await expect
      .poll(() => verdicts().at(-1), soon)
      .toMatchObject({ verdict: { kind: 'assign', name: 'H', images: hs } });
    await open('Dropped: H?', 'given to that name by ada');
    await page.keyboard.press('i');
    await page.locator('#names-input').fill('Hal');
    await page.locator('#names-list li.new').waitFor();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => verdicts().at(-1))
      .toMatchObject({ verdict: { kind: 'discover', name: 'Hal', images: hs } });
    expect(verdicts()).toHaveLength(3);
    await page.keyboard.press('u');
    await expect.poll(() => verdicts().at(-1), soon).toMatchObject({ verdict: { kind: 'assign' } });
  });

  it('stay what they were said to be in the next sift and the purified set', async () => {
    expect(facesieve('sift', '-w', workspace).code).toBe(0);
    dropHs(workspace);
    expect([finalOf(zo), finalOf(hs)]).toEqual([['unknown-001'], ['H']]);
    expect(discover(look, 3)).toMatchObject({ clusters: [], known: [] });
    const out = join(folder, 'clean');
    expect(facesieve('purify', '--out', out, '-w', workspace).code).toBe(0);
    const map = parse(readFileSync(join(out, 'label-map.csv')), { columns: true }) as Record<string, string>[];
    expect(map.map(({ identity }) => identity)).toContain('unknown-001');
    await page.evaluate(`history.replaceState(null, '', '#/names/drops-1')`);
    await page.reload(); // at a question that is there only when the search has ended
    await expect.poll(heading, soon).toBe('Are these 4 dropped images H?');
    await expect.poll(said, soon).toContain('given to that name by ada');
    await expect.poll(() => page.locator('#name-questions-list a', { hasText: '✓' }).count(), soon).toBe(2);
    expect(await page.locator('#name-questions-list a', { hasText: '?' }).count()).toBe(2);
    expect(troubles.filter((text) => !/status of 404/.test(text))).toEqual([]);
  });
});
