import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cropBytes } from '../../src/core/crop-geometry.js';
import type { GivenVerdict } from '../../src/core/decided-image.js';
import { CropReader } from '../../src/images/crop-file.js';
import { decodeImage } from '../../src/images/decode.js';
import { allImages, slotsOfImage } from '../../src/workspace/images.js';
import { cropFileOf } from '../../src/workspace/dataset.js';
import { currentVerdicts } from '../../src/workspace/verdicts.js';
import { lookIntoWorkspace, type Workspace } from '../../src/workspace/workspace.js';
import { launchChromium, newPage } from '../helpers/chromium.js';
import { started } from '../helpers/cli.js';
import { noChromium } from '../helpers/installed.js';
import { runInProcess } from '../helpers/in-process.js';
import { severalFacesWorkspace } from '../helpers/several-faces-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
let workspace: string;
let browser: Browser | undefined;

async function facesieve(command: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runInProcess(command, ['-w', workspace, ...args, '--quiet']);
  expect(code, stderr).toBe(0);
  return stdout;
}

function look<R>(at: string, read: (opened: Workspace) => R): R {
  const opened = lookIntoWorkspace(at);
  try {
    return read(opened);
  } finally {
    opened.close();
  }
}

const chosen = (at = workspace): [string, GivenVerdict['verdict'], number | null][] =>
  look(at, (opened) => [...currentVerdicts(opened).values()].map(({ path, verdict, face }) => [path, verdict, face]));

/** The row of an image in an export. */
async function row(path: string): Promise<Record<string, unknown>> {
  const lines = (await facesieve('decisions export', '--format', 'jsonl')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).find((one) => one.path === path)!;
}

beforeAll(async () => {
  ({ workspace } = await severalFacesWorkspace(folder));
  await facesieve('sift');
  browser = noChromium === undefined ? await launchChromium() : undefined;
});
afterAll(() => browser?.close());

describe('a face that comes again as often as another', () => {
  it('is asked about, and the table and explain say which one was judged', async () => {
    expect(await row('Eve/0.png')).toMatchObject({ decision: 'review', face: 1, verdict: null });
    expect(await row('Ada/0.png')).toMatchObject({ decision: 'keep', face: 1 });
    const told = await facesieve('explain', 'Eve/0.png');
    expect(told).toContain('faces 1 and 2 of 3 come again in the images of Eve about as much');
    expect(told).toContain('face 1 of 3 was judged (box 12,10,96,104)');
  });
});

describe.skipIf(noChromium)(`on the page${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  it('F and a number choose the face that is meant, U takes it back, and all is stored at once', async () => {
    const server = await started('review', '-w', workspace, '--no-open', '--port', '0', '--reviewer', 'ada');
    const page = await newPage(browser!);
    const troubles: string[] = [];
    page.on('pageerror', ({ message }) => troubles.push(message));
    await page.goto(server.json.url);
    await page.waitForSelector('#stage:not([aria-busy])');
    const path = () => page.locator('#path').innerText();
    expect(await path()).toBe('Eve/0.png');
    expect(await page.locator('#which-face').innerText()).toBe('face 1 of 3');
    expect(await page.locator('#where .face-box').count()).toBe(3);
    expect(await page.locator('#where .judged text').textContent()).toBe('1');

    await page.keyboard.press('f');
    expect(await page.locator('#photo-choices button').count()).toBe(3);
    await page.keyboard.press('9'); // there is none
    await page.keyboard.press('2');
    await expect.poll(path).toBe('Eve/1.png');
    await expect.poll(() => chosen()).toEqual([['Eve/0.png', 'wrong-face', 1]]);

    await page.keyboard.press('u');
    await expect.poll(path).toBe('Eve/0.png');
    expect(chosen()).toEqual([]);
    expect(await page.locator('#which-face').innerText()).toBe('face 1 of 3');
    for (const next of ['Eve/1.png', '']) {
      await page.keyboard.press('f');
      await page.keyboard.press('2');
      if (next !== '') await expect.poll(path).toBe(next);
    }
    await expect.poll(() => chosen().length).toBe(2);
    expect(troubles).toEqual([]);
    await page.close();
    await server.stop();
  });
});

describe('a face that was chosen', () => {
  const choices = ['Eve/0.png', 'Eve/1.png'].map((path) => [path, 'wrong-face', 1]);
  const purified = (out: string) => join(folder, out, 'Eve/0.png');
  const cropOf = (face: number) =>
    look(workspace, (opened) => {
      const crops = new CropReader(cropFileOf(opened), 32);
      const crop = new Uint8Array(cropBytes(32));
      crops.readInto(slotsOfImage(opened, allImages(opened).find(({ path }) => path === 'Eve/0.png')!.id)[face], crop);
      crops.close();
      return crop;
    });

  it('is imported from a table as well', async () => {
    const rows = (await facesieve('decisions export', '--format', 'csv')).split('\n');
    const said = rows.map((line) => line.replace(/^(Eve.*),[^,]*,([^,]*),\d*$/, '$1,wrong-face,$2,2'));
    const file = join(folder, 'said.csv');
    writeFileSync(file, said.join('\n'));
    await facesieve('decisions import', file);
    expect(chosen()).toEqual(choices);
    expect(await row('Eve/0.png')).toMatchObject({ verdict: 'wrong-face', face: 2 });
  });

  it('keeps its image until it was sifted, and purify --crops takes it', async () => {
    await facesieve('purify', '--out', join(folder, 'before'), '--crops');
    const ledger = readFileSync(join(folder, 'before', 'ledger.csv'), 'utf8');
    expect(ledger).toMatch(
      /^Eve\/0\.png,Eve,review,facesieve,"face 2 of 3, chosen by \w+, is judged by the next sift"/m,
    );
    const { image } = await decodeImage(readFileSync(purified('before')), 1e6);
    expect(image.data).toEqual(cropOf(1));
    expect(image.data).not.toEqual(cropOf(0));
  });

  it('is judged by the next sift, and stays chosen when the image is kept', async () => {
    await facesieve('sift');
    expect(await row('Eve/0.png')).toMatchObject({ decision: 'keep', verdict: 'wrong-face', face: 2 });
    expect(await facesieve('explain', 'Eve/0.png')).toContain('face 2 of 3 was judged (box 132,10,96,104)');
    const file = join(folder, 'kept.jsonl');
    writeFileSync(file, '{"path":"Eve/0.png","verdict":"keep"}\n');
    await facesieve('decisions import', file);
    expect(chosen()[0]).toEqual(['Eve/0.png', 'keep', 1]);
    await facesieve('decisions undo');
    expect(chosen()).toEqual(choices);
  });

  it.each(['csv', 'jsonl', 'parquet', 'label-studio', 'cvat', 'fiftyone'])(
    'goes through %s unchanged',
    async (format) => {
      const endings: Record<string, string> = { 'label-studio': 'json', cvat: 'xml', fiftyone: 'json' };
      const file = join(folder, `all-${format}.${endings[format] ?? format}`);
      await facesieve('decisions export', '--format', format, '--out', file);
      const other = join(folder, `copy-${format}`);
      cpSync(workspace, other, { recursive: true });
      const inCopy = async (command: string, ...args: string[]) =>
        (await runInProcess(command, ['-w', other, ...args, '--json'])).stdout;
      expect(JSON.parse(await inCopy('decisions import', file))).toMatchObject({ rows: 2, changed: 0 });
      while (chosen(other).length > 0) await inCopy('decisions undo');
      expect(chosen(other)).toEqual([]);
      await inCopy('decisions import', file);
      expect(chosen(other)).toEqual(choices);
    },
  );

  it('outlives the forgetting of other images, and goes with its own', async () => {
    const other = join(folder, 'forgetful');
    cpSync(workspace, other, { recursive: true });
    await runInProcess('forget', ['Eve/1.png', '-w', other, '--yes', '--quiet']);
    expect(chosen(other)).toEqual(choices.slice(0, 1));
    const { stdout } = await runInProcess('status', ['-w', other, '--json']);
    const { stages } = JSON.parse(stdout) as { stages: { name: string; why?: string }[] };
    expect(stages.find(({ name }) => name === 'sift')!.why).not.toContain('face');
  });

  it('is refused where there is no such face, and nothing of the file is taken', async () => {
    const file = join(folder, 'bad.jsonl');
    writeFileSync(
      file,
      '{"path":"Ada/1.png","verdict":"drop"}\n{"path":"Ada/0.png","verdict":"wrong-face","face":3}\n',
    );
    const { code, stderr } = await runInProcess('decisions import', ['-w', workspace, file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no face 3 in "Ada/0.png": it has 2 faces')]);
    writeFileSync(file, '{"path":"Ada/0.png","verdict":"wrong-face"}\n');
    const without = await runInProcess('decisions import', ['-w', workspace, file]);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('needs the number of the right face')]);
    expect(chosen()).toEqual(choices);
  });
});
