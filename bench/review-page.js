// The review page in Chromium on drawn workspaces: how long until the first question can be answered, and the next one.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { bench } from './cli.js';
import { drawWorkspace } from './drawn-workspace.js';

const executablePath = process.env.FACESIEVE_CHROMIUM ?? '/usr/bin/chromium';
const OPENINGS = 5;
const ANSWERS = 20;
const sets = [
  { name: '1,000 uncertain, one identity', identities: 2, each: 1200, uncertain: 1000, size: 64 },
  { name: '1,000 uncertain, 100 identities', identities: 100, each: 24, uncertain: 10, size: 64 },
  { name: '100,000 decisions, 10,000 uncertain', identities: 4000, each: 25, uncertain: 2.5, size: 16 },
];

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
    drawWorkspace(folder, set, (i, identity) =>
      i < set.uncertain - (Number.isInteger(set.uncertain) ? 0 : identity % 2) ? 'review' : 'keep',
    );
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
