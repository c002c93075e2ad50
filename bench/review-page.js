// The review page in Chromium on drawn workspaces: how long until the first question can be answered, and the next one.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { cropGeometry } from '../dist/core/crop-geometry.js';
import { defaults } from '../dist/core/config.js';
import { randomOf } from '../dist/core/random.js';
import { CropWriter } from '../dist/images/crop-file.js';
import { cropFileOf } from '../dist/store/dataset.js';
import { writeDecisions } from '../dist/store/decisions.js';
import { insertImages } from '../dist/store/images.js';
import { recordRun } from '../dist/store/runs.js';
import { openWorkspace, writeFact } from '../dist/store/workspace.js';
import { bench } from './cli.js';

const executablePath = process.env.FACESIEVE_CHROMIUM ?? '/usr/bin/chromium';
const OPENINGS = 5;
const ANSWERS = 20;
const sets = [
  { name: '1,000 uncertain, one identity', identities: 2, each: 1200, uncertain: 1000, size: 64 },
  { name: '1,000 uncertain, 100 identities', identities: 100, each: 24, uncertain: 10, size: 64 },
  { name: '100,000 decisions, 10,000 uncertain', identities: 4000, each: 25, uncertain: 2.5, size: 16 },
];

const nameOf = (identity) => `person-${String(identity).padStart(5, '0')}`;

/** A workspace as sift leaves it, of evidence that is drawn. */
function draw(folder, { identities, each, uncertain, size }) {
  rmSync(folder, { recursive: true, force: true });
  const random = randomOf('review page');
  const workspace = openWorkspace(folder);
  const config = { ...defaults, size };
  const crops = new CropWriter(cropFileOf(workspace), size, 0);
  const [rows, cropRows, decisions] = [[], [], []];
  for (let slot = 0; slot < identities * each; slot++) {
    const [identity, i] = [Math.floor(slot / each), slot % each];
    const asked = i < uncertain - (Number.isInteger(uncertain) ? 0 : identity % 2);
    const found = { sha256: String(slot), width: 250, height: 250, dhash: '0', slot, error: null, state: 'ok' };
    const path = `${nameOf(identity)}/${String(i).padStart(4, '0')}.jpg`;
    rows.push({ id: slot + 1, path, identity: nameOf(identity), ...found, role: 'set', place: null });
    cropRows.push({ slot, image: slot + 1, face: 0, facts: { sharpness: 1, brightness: 1, contrast: 1 } });
    const shade = random.integer(200);
    crops.append(Uint8Array.from({ length: size * size * 3 }, () => shade + random.integer(56)));
    decisions.push({
      ...{ path, decision: asked ? 'review' : 'keep', reason: asked ? 'uncertain: drawn' : 'drawn' },
      ...{ suggestedIdentity: null, pNoise: asked ? random.between(0.25, 0.5) : random.between(0, 0.25) },
      evidence: evidence(random, nameOf(random.integer(identities))),
    });
  }
  crops.close();
  insertImages(workspace, rows, cropRows);
  writeFact(workspace, 'source', folder);
  writeFact(workspace, 'crop', JSON.stringify(cropGeometry(config)));
  recordRun(workspace, { id: 'sift-drawn', stage: 'sift', parent: null, config, inputs: {} });
  writeFact(workspace, 'current:sift', 'sift-drawn');
  writeDecisions(workspace, 'sift-drawn', decisions);
  workspace.close();
}

const evidence = (random, rivalIdentity) => ({
  ...{ cosOwn: random.uniform(), cosDominant: random.uniform(), cosAssigned: random.uniform(), subcenter: 0 },
  ...{ dominantSubcenter: 0, dominantShare: 0.9, hasDominant: true, neighbourAgreement: random.uniform() },
  ...{ rivalIdentity, rivalCos: random.uniform(), rivalAgreement: random.uniform(), trainingMargin: random.uniform() },
  ...{ quality: 1, faces: 1, face: 0 },
});

async function serve(folder) {
  const bin = new URL('../bin/run.js', import.meta.url).pathname;
  const start = performance.now();
  const child = spawn(process.execPath, [bin, 'review', '-w', folder, '--no-open', '--json', '--reviewer', 'bench']);
  const [text] = await once(child.stdout, 'data');
  return { child, url: JSON.parse(String(text)).url, seconds: (performance.now() - start) / 1000 };
}

/** Everything within sight is there, and keys are heeded. */
const usable = () =>
  document.querySelector('#stage:not([aria-busy]) #path:not(:empty)') !== null &&
  [...document.images]
    .filter(
      (image) =>
        image.checkVisibility() &&
        image.getBoundingClientRect().top < innerHeight &&
        image.getBoundingClientRect().left < innerWidth,
    )
    .every((image) => image.complete && image.naturalWidth > 0);

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** Seconds until the page is usable, each time in a browser context that has seen nothing. */
async function open(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(url);
  await page.waitForFunction(usable, undefined, { polling: 'raf' });
  return { context, page, seconds: (performance.now() - start) / 1000 };
}

/** Seconds from a key to the next question with its pictures. */
async function answer(page) {
  const before = await page.locator('#path').innerText();
  const start = performance.now();
  await page.keyboard.press('k');
  await page.waitForFunction((old) => document.querySelector('#path').textContent !== old, before, { polling: 'raf' });
  await page.waitForFunction(usable, undefined, { polling: 'raf' });
  return (performance.now() - start) / 1000;
}

export async function measure() {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is not there: name a Chromium in FACESIEVE_CHROMIUM.`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const rows = [];
  for (const set of sets) {
    const folder = join(bench, 'review-page');
    draw(folder, set);
    const { child, url, seconds } = await serve(folder);
    const opened = [];
    for (let i = 0; i < OPENINGS; i++) {
      const { context, page, seconds: took } = await open(browser, url);
      opened.push(took);
      if (i < OPENINGS - 1) {
        await context.close();
        continue;
      }
      const answers = [];
      for (let k = 0; k < ANSWERS; k++) answers.push(await answer(page));
      const figures = {
        first: opened[0],
        median: median(opened),
        next: median(answers),
        slowest: Math.max(...answers),
      };
      rows.push({ set: set.name, listening: seconds, ...figures, residentMiB: residentMiB(child.pid) });
      await context.close();
    }
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  await browser.close();
  return { rows };
}

export function describe({ rows }) {
  return [
    '| workspace | command to link, s | link to usable page, s: first, median of 5 | key to next question, s: median, slowest of 20 | server, MiB |',
    '|---|---|---|---|---|',
    ...rows.map(({ set, listening, first, median, next, slowest, residentMiB }) => {
      const s = (value) => value.toFixed(2);
      return `| ${set} | ${s(listening)} | ${s(first)}, ${s(median)} | ${s(next)}, ${s(slowest)} | ${residentMiB.toFixed(0)} |`;
    }),
  ].join('\n');
}
