import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GivenVerdict } from '../../src/core/decided-image.js';
import { currentVerdicts } from '../../src/workspace/verdicts.js';
import { lookIntoWorkspace, openWorkspace } from '../../src/workspace/workspace.js';
import { launchChromium, newPage } from '../helpers/chromium.js';
import { facesieve, facesieveJson, started } from '../helpers/cli.js';
import { noChromium } from '../helpers/installed.js';
import { uncertainWorkspace } from '../helpers/reviewed-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
let workspace: string;
const review = (reviewer: string) =>
  started('review', '-w', workspace, '--no-open', '--port', '0', '--reviewer', reviewer);

/** What holds now, by path. */
function verdicts(): Map<string, GivenVerdict> {
  const opened = lookIntoWorkspace(workspace);
  try {
    return currentVerdicts(opened);
  } finally {
    opened.close();
  }
}

beforeAll(async () => {
  workspace = await uncertainWorkspace(folder);
});

describe('review', () => {
  it('prints its link at once, ends with Ctrl-C and 0, and says nothing twice', async () => {
    const { json, stop } = await review('ada');
    expect(json.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
    const ended = await stop();
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual(json);
  });

  it('ends with 2 when the port is taken, nothing was sifted, or there is no workspace', async () => {
    const taken = await new Promise<Server>((done) => {
      const server = createServer().listen(0, '127.0.0.1', () => done(server));
    });
    const { port } = taken.address() as { port: number };
    const busy = await facesieveJson('review', '-w', workspace, '--port', String(port), '--no-open');
    taken.close();
    expect([busy.code, busy.json.error.name]).toEqual([2, 'PortError']);
    expect(busy.json.error.message).toContain(`${port}`);
    const empty = join(folder, 'empty');
    openWorkspace(empty).close();
    expect(facesieveJson('review', '-w', empty, '--no-open')).toMatchObject({
      code: 2,
      json: { error: { name: 'MissingStageError', suggestions: [expect.stringMatching(/^facesieve sift -w /)] } },
    });
    expect(facesieve('review', '-w', join(folder, 'nowhere'), '--no-open').code).toBe(2);
    expect(facesieve('review', '-w', workspace, '--port', '99999', '--no-open').code).toBe(64);
  });
});

describe.skipIf(noChromium)(`the page${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  let browser: Browser;
  const troubles: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** A page of `reviewer`'s own server, in a browser of its own. */
  async function at(reviewer: string, hash = '') {
    const server = await review(reviewer);
    const page = await newPage(browser, { viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    await page.goto(server.json.url + hash);
    await ready(page);
    return {
      page,
      url: server.json.url,
      async close() {
        await page.close();
        await server.stop();
      },
    };
  }

  const ready = (page: Page) => page.waitForSelector('#stage:not([aria-busy])');
  const answered = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();
  const path = (page: Page) => page.locator('#path').innerText();

  /** Presses `key` and waits until something else is on the screen. */
  async function say(page: Page, key: string): Promise<string> {
    const asked = await path(page);
    await page.keyboard.press(key);
    await expect.poll(() => path(page)).not.toBe(asked);
    return asked;
  }

  it('takes 30 verdicts by keyboard, undoes across a reload, and every verdict stands after sifting again', async () => {
    const { page, close } = await at('ada');
    expect(page.url()).not.toContain('token');
    const total = Number((await page.locator('#progress-text').innerText()).split(' ')[2]);
    expect(total).toBeGreaterThan(33);
    const expected = new Map<string, string>();
    const keys = { k: 'keep', d: 'drop', r: 'relabel', h: 'hard' };
    for (let i = 0; i < 30; i++) {
      const [key, verdict] = Object.entries(keys)[i % 4];
      expected.set(await say(page, key), verdict);
    }
    expect(expected.size).toBe(30);
    await answered(page, `30 of ${total} answered`);
    const given = verdicts();
    expect(Object.fromEntries([...given].map(([key, { verdict }]) => [key, verdict]))).toEqual(
      Object.fromEntries(expected),
    );
    for (const { verdict, identity, reviewer } of given.values()) {
      expect(reviewer).toBe('ada');
      expect(identity === null).toBe(verdict !== 'relabel');
    }

    const [last, before] = [...expected.keys()].reverse();
    await page.keyboard.press('u');
    await answered(page, `29 of ${total} answered`);
    await expect.poll(() => path(page)).toBe(last);
    await page.reload();
    await ready(page);
    await answered(page, `29 of ${total} answered`);
    await page.keyboard.press('u');
    await answered(page, `28 of ${total} answered`);
    await expect.poll(() => path(page)).toBe(before);
    expect(verdicts().has(last) || verdicts().has(before)).toBe(false);
    await close();

    const said = Object.fromEntries(verdicts());
    for (const rule of [['--force'], ['--rule', 'angle']]) {
      expect(facesieve('sift', '-w', workspace, ...rule).code).toBe(0);
      const { stdout } = facesieve('decisions', 'export', '--format', 'jsonl', '-w', workspace);
      const rows = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string | null>);
      const stand = rows.filter(({ verdict }) => verdict !== null);
      expect(stand.map(({ path, verdict }) => [path, verdict])).toEqual(
        Object.entries(said).map(([path, { verdict }]) => [path, verdict]),
      );
      for (const { path, verdict, suggested_identity } of stand)
        if (verdict === 'relabel') expect(suggested_identity).toBe(said[path!].identity);
    }
    expect(facesieve('sift', '-w', workspace, '--config', join(folder, 'unsure.json')).code).toBe(0);
  });

  it('keeps two reviewers apart: the last word holds, and nobody takes the other’s back', async () => {
    const [first, verdict] = [...verdicts()].find(([, { verdict }]) => verdict === 'keep')!;
    expect(verdict.reviewer).toBe('ada');
    const { page: bob, close } = await at('bob', `#/identity/${first.split('/')[0]}?open=0`);
    await bob.locator(`#strip button[title^="${first}"]`).click();
    expect(await bob.locator('#said').innerText()).toContain('by ada');
    await bob.keyboard.press('d');
    await expect.poll(() => verdicts().get(first)).toMatchObject({ verdict: 'drop', reviewer: 'bob' });
    const ada = await at('ada', '#/?open=0');
    const before = verdicts().size;
    await ada.page.keyboard.press('u');
    await expect.poll(() => verdicts().size).toBe(before - 1);
    expect(verdicts().get(first)).toMatchObject({ verdict: 'drop', reviewer: 'bob' });
    await bob.keyboard.press('u');
    await expect.poll(() => verdicts().get(first)?.verdict).toBe('keep');
    await ada.close();
    await close();
  });

  it('gives images to names that are typed, old and new, and marks names as two people', async () => {
    const { page, close } = await at('cy', '#/identity/E?open=0');
    const asked = await path(page);
    await page.keyboard.press('n');
    await page.keyboard.type('Zo');
    await page.getByRole('option', { name: 'New name: Zo' }).waitFor();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => verdicts().get(asked))
      .toMatchObject({ verdict: 'relabel', identity: 'Zo', reviewer: 'cy' });
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => path(page)).toBe(asked);
    await page.keyboard.press('t');
    await page.locator('#several-list').getByText('E', { exact: true }).waitFor();
    const listed = () => facesieveJson('identities', 'list', '-w', workspace).json.verdicts;
    await expect.poll(listed).toMatchObject([{ identity: 'E', verdict: 'several-people', reviewer: 'cy' }]);
    expect(facesieveJson('explain', asked, '-w', workspace).json.identityVerdict).toMatchObject({ reviewer: 'cy' });
    await page.keyboard.press('u');
    await expect.poll(listed).toEqual([]);
    await close();
  });

  it('says that somebody else is writing, keeps the verdict, and stores it when it can', async () => {
    const { page, close } = await at('di', '#/?open=0');
    const writer = openWorkspace(workspace);
    const asked = await path(page);
    await page.keyboard.press('h');
    await page.getByRole('alert').getByText('Another facesieve is working in this workspace').waitFor();
    expect(verdicts().get(asked)?.reviewer).not.toBe('di');
    writer.close();
    await expect.poll(() => verdicts().get(asked)?.reviewer).toBe('di');
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await close();
  });

  it('is kind when nothing is to be reviewed, leads back by links, and keeps keys out of fields', async () => {
    const { page, close } = await at('ed', '#/?show=duplicate');
    await page.getByRole('heading', { name: 'Nothing to review' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('kd');
    await page.waitForURL(/search=kd/);
    await page.goto(page.url().replace(/#.*/, '#/identity/Nobody'));
    await page.getByRole('heading', { name: 'There is no identity "Nobody".' }).waitFor();
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.locator('#question').waitFor();
    const here = page.url();
    await page.keyboard.press('ArrowRight');
    expect(page.url()).not.toBe(here);
    await page.goto(here);
    await page.reload();
    await ready(page);
    expect(page.url()).toBe(here);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('d');
    await page.keyboard.press('Escape');
    expect([...verdicts().values()].some(({ reviewer }) => reviewer === 'ed')).toBe(false);
    await close();
  });

  it('hears a key that is pressed twice once, says what it did, and counts it in the list beside at once', async () => {
    const { page, close } = await at('fay', '#/?show=review,drop,relabel,keep&open=0');
    const [asked, name] = [await path(page), await page.locator('#name').innerText()];
    const figure = () => page.locator(`#identities li[data-name="${name}"] .figures`).innerText();
    const before = await figure();
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await expect.poll(() => verdicts().get(asked)?.reviewer).toBe('fay');
    await page.waitForTimeout(500);
    expect([...verdicts().values()].filter(({ reviewer }) => reviewer === 'fay')).toHaveLength(1);
    expect(await page.locator('#last-said').innerText()).toContain(`${asked} kept`);
    await expect.poll(figure).not.toBe(before);
    const counted = await figure();
    await page.keyboard.press('u');
    await expect.poll(figure).toBe(before);
    expect(counted).toMatch(/^\d+ of \d+$/);
    await close();
  });

  it('had no trouble: no error, and nothing that its own policy forbids', () => {
    // A refused verdict and an identity that is not there are answered with 503 and 404, which the console counts as errors.
    expect(troubles.filter((text) => !/status of (404|503)/.test(text))).toEqual([]);
  });
});
