// Are hard images thrown away? Clean images degraded on purpose, at most half of an identity, and what becomes of them;
// and whether the length of the embedding tells them, which puts `low quality` into the reason.
// Environment: ALIGN=auto,center, on frozen features.
import { existsSync, mkdirSync, readdirSync, writeFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { areaUnderRoc, rank } from '../dist/metrics/roc.js';
import { readDecisions } from '../dist/workspace/decisions.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, facesieve, joined } from './cli.js';

const aligns = (process.env.ALIGN ?? 'auto,center').split(',');

const square = (side, left, top, size) => ({
  input: { create: { width: side, height: side, channels: 3, background: '#202020' } },
  ...{ left: Math.round(left * size), top: Math.round(top * size) },
});

/** Of a 250x250 photograph; the face is its middle half. */
const degradations = {
  blur: (image) => image.blur(4),
  'low resolution': async (image) => sharp(await image.resize(40, 40).png().toBuffer()).resize(250, 250),
  dark: (image) => image.linear(0.15, 0),
  occlusion: (image) => image.composite([square(75, 0.35, 0.52, 250)]),
};

/** Every fourth image of each identity, each degradation in turn; the others are links. */
export async function makeSet(folder) {
  const people = joined('lfw10a', 'lfw5a');
  const degraded = new Map();
  const names = Object.keys(degradations);
  for (const identity of readdirSync(people).sort()) {
    const done = existsSync(join(folder, identity));
    mkdirSync(join(folder, identity), { recursive: true });
    for (const [i, file] of readdirSync(join(people, identity)).sort().entries()) {
      const [from, to] = [join(people, identity, file), join(folder, identity, file)];
      if (i % 4 === 1) {
        const kind = names[degraded.size % names.length];
        degraded.set(`${identity}/${file}`, kind);
        if (!done) writeFileSync(to, await (await degradations[kind](sharp(from))).jpeg({ quality: 90 }).toBuffer());
      } else if (!done) symlinkSync(from, to);
    }
  }
  return degraded;
}

export async function measure() {
  const folder = join(bench, 'hard-crawl');
  const degraded = await makeSet(folder);
  const rows = [];
  const lengths = [];
  for (const align of aligns) {
    const common = ['-w', join(bench, `hard-${align}`)];
    const model = ['--backbone', 'pretrained:mobilefacenet'];
    facesieve('ingest', folder, ...common, '--align', align, '--size', '112');
    for (const stage of ['train', 'embed', 'sift']) facesieve(stage, ...common, ...(stage === 'train' ? model : []));
    const opened = lookIntoWorkspace(common[1]);
    const decisions = readDecisions(opened, chooseRun(opened, undefined, 'sift').id);
    opened.close();
    const said = decisions.filter(({ reason }) => reason.includes('low quality'));
    const shortness = decisions.map(({ evidence }) => -evidence.quality);
    lengths.push({
      ...{ align, said: said.length, saidOfDegraded: said.filter(({ path }) => degraded.has(path)).length },
      auroc: areaUnderRoc(
        rank(
          shortness,
          decisions.map(({ path }) => degraded.has(path)),
        ),
      ),
    });
    for (const kind of [...Object.keys(degradations), 'not degraded']) {
      const of = decisions.filter(({ path }) => (degraded.get(path) ?? 'not degraded') === kind);
      const share = (...names) => of.filter(({ decision }) => names.includes(decision)).length / of.length;
      rows.push({
        ...{ align, kind, images: of.length, dropped: share('drop', 'relabel') },
        ...{ hard: share('hard'), review: share('review'), keep: share('keep') },
      });
    }
  }
  return { rows, lengths };
}

export function describe({ rows, lengths }) {
  const percent = (value) => `${(100 * value).toFixed(1)} %`;
  return [
    '| align | degraded by | images | dropped or relabelled | hard | review | keep |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ align, kind, images, dropped, hard, review, keep }) =>
        `| ${align} | ${kind} | ${images} | ${[dropped, hard, review, keep].map(percent).join(' | ')} |`,
    ),
    '',
    ...lengths.map(
      ({ align, said, saidOfDegraded, auroc }) =>
        `${align}: short embeddings tell degraded images with AUROC ${auroc.toFixed(3)}; of ${said} images called ` +
        `low quality ${saidOfDegraded} are degraded`,
    ),
  ].join('\n');
}
