// Does a quality-aware score help on pairs of degraded images? Trained on lfw10a, a third of it degraded; alpha and beta
// fitted on all pairs of one half of lfw5a's people, half of whose images are degraded, and judged on the other half's;
// then the halves change places. Faces aligned.
// Environment: LOSSES=magface,arcface BACKBONES=pretrained:mobilefacenet,plain-7 SEEDS=1 EPOCHS=12 (from scratch).
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { bench, data, facesieve, mean } from './cli.js';
import { losses as known } from '../dist/losses/losses.js';

const listed = (name, fallback) => (process.env[name] ?? fallback).split(',');
const losses = listed('LOSSES', 'magface,arcface').filter((name) => known.some((loss) => loss.name === name));
const backbones = listed('BACKBONES', 'pretrained:mobilefacenet,plain-7');
const seeds = listed('SEEDS', '1').map(Number);
const epochs = process.env.EPOCHS ?? '12';
const targets = [0.01, 0.001];

/** Of a 250x250 photograph, the face in its middle: blurred, or seen from further off. */
const degradations = [
  (image) => image.blur(3),
  (image) => image.blur(5),
  async (image) => sharp(await image.resize(60, 60).png().toBuffer()).resize(250, 250),
  async (image) => sharp(await image.resize(36, 36).png().toBuffer()).resize(250, 250),
];

/** `set` with every `step`-th image degraded, each way in turn; the others are links. Paths of its images, by person. */
async function degradedSet(set, step) {
  const folder = join(bench, `qmagface-${set}`);
  const done = existsSync(folder);
  const people = [];
  let count = 0;
  for (const person of readdirSync(join(data, set)).sort()) {
    mkdirSync(join(folder, person), { recursive: true });
    const files = readdirSync(join(data, set, person)).sort();
    people.push(files.map((file) => `${person}/${file}`));
    for (const file of files) {
      const [from, to] = [join(data, set, person, file), join(folder, person, file)];
      const way = count++ % step === 0 ? degradations[((count / step) % degradations.length) | 0] : undefined;
      if (done) continue;
      if (way) writeFileSync(to, await (await way(sharp(from))).jpeg({ quality: 90 }).toBuffer());
      else symlinkSync(from, to);
    }
  }
  return { folder, people };
}

/** All pairs of the images of `people`, genuine and impostor. */
function writePairs(file, people) {
  const images = people.flatMap((paths, person) => paths.map((path) => ({ path, person })));
  const lines = images.flatMap((first, i) =>
    images.slice(i + 1).map((second) => `${first.path},${second.path},${first.person === second.person ? 1 : 0}`),
  );
  writeFileSync(file, ['path1,path2,same', ...lines, ''].join('\n'));
  return file;
}

function measureOne(crawl, others, halves, backbone, loss, seed) {
  const common = ['-w', join(bench, `qmagface-${backbone.replace(/\W/g, '-')}`), '--seed', String(seed)];
  const scratch = !backbone.startsWith('pretrained:');
  facesieve('ingest', crawl, ...common, '--align', 'auto', '--size', scratch ? '64' : '112');
  facesieve('train', '--loss', loss, '--backbone', backbone, ...(scratch ? ['--epochs', epochs] : []), ...common);
  facesieve('embed', ...common);
  facesieve('sift', ...common);
  return halves.map((pairs, half) => {
    const of = (score) => facesieve('evaluate', '--pairs', pairs, '--root', others, '--score', score, ...common);
    const fit = facesieve('score', 'fit', '--pairs', halves[1 - half], '--root', others, ...common);
    const missed = ({ verification: { before } }) =>
      targets.map((far) => 1 - before.atFar.find(({ target }) => target === far).tar);
    const [plain, aware] = [of('cosine'), of('qmagface')];
    const { genuine, impostor, byQuality } = plain.verification.before;
    const [worst, best] = [byQuality[0], byQuality.at(-1)];
    return {
      ...{ backbone, loss, seed, half, genuine, impostor, ...fit.fits[0].parameters },
      ...{ cosine: missed(plain), qmagface: missed(aware) },
      ...{ eerWorst: worst.eer, eerBest: best.eer, lengths: [worst.from, worst.to, best.from, best.to] },
    };
  });
}

export async function measure() {
  const crawl = await degradedSet('lfw10a', 3);
  const others = await degradedSet('lfw5a', 2);
  const halves = [0, 1].map((half) =>
    writePairs(
      join(bench, `qmagface-pairs-${half}.csv`),
      others.people.filter((_, person) => person % 2 === half),
    ),
  );
  const rows = [];
  for (const backbone of backbones)
    for (const loss of losses)
      for (const seed of seeds) rows.push(...measureOne(crawl.folder, others.folder, halves, backbone, loss, seed));
  return { rows };
}

export function describe({ rows }) {
  const percent = (value) => `${(100 * value).toFixed(1)} %`;
  const groups = [...new Set(rows.map(({ backbone, loss }) => `${backbone}, ${loss}`))];
  return [
    '| network, loss | score | FNMR at FMR 1e-2 | FNMR at FMR 1e-3 | fits: alpha, beta | EER of the worst and best quarter |',
    '|---|---|---|---|---|---|',
    ...groups.flatMap((group) => {
      const of = rows.filter(({ backbone, loss }) => `${backbone}, ${loss}` === group);
      const cells = (score) => targets.map((_, t) => percent(mean(of.map((row) => row[score][t])))).join(' | ');
      const fits = of.map(({ alpha, beta }) => `${alpha.toPrecision(2)}, ${beta.toPrecision(2)}`).join('; ');
      const errors = ['eerWorst', 'eerBest'].map((name) => percent(mean(of.map((row) => row[name])))).join(', ');
      return [
        `| ${group} | cosine | ${cells('cosine')} | | ${errors} |`,
        `| | qmagface | ${cells('qmagface')} | ${fits} | |`,
      ];
    }),
    '',
    `${rows
      .map(({ genuine, impostor }) => `${genuine} genuine and ${impostor} impostor pairs`)
      .slice(0, 2)
      .join('; ')}; seeds ${seeds.join(', ')}`,
  ].join('\n');
}
