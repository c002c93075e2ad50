// Noise detection on the noisy images themselves: lfw10a + lfw5a, 10 % open- and 10 % closed-set noise. From scratch, or
// with BACKBONE=pretrained:mobilefacenet on a frozen model.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bench, data, facesieve, joined, plusMinus } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const subcenters = (process.env.K ?? '3,1').split(',').map(Number);
const backbone = process.env.BACKBONE;
const rules = ['calibrated', 'insightface-drop', 'dominant', 'angle', 'either', 'both'];

export function measure() {
  const source = joined('lfw10a', 'lfw5a');
  const rows = [];
  for (const k of subcenters)
    for (const seed of seeds) {
      const crawl = join(bench, `crawl-${seed}`);
      const noise = ['--open', '0.1', '--closed', '0.1', '--outsiders', join(data, 'lfw-outsiders')];
      if (!existsSync(crawl)) facesieve('inject', source, crawl, ...noise, '--seed', String(seed));
      const common = ['-w', join(bench, `rules-${seed}-k${k}${backbone ? '-frozen' : ''}`), '--seed', String(seed)];
      facesieve('ingest', crawl, ...common, ...(backbone ? ['--size', '112'] : []));
      const network = backbone ? ['--backbone', backbone] : [];
      const { imagesPerSecond } = facesieve('train', '-k', String(k), ...network, ...common);
      facesieve('embed', ...common);
      for (const rule of rules) {
        const { noiseRate } = facesieve('sift', '--rule', rule, ...common);
        const { detection } = facesieve('evaluate', '--truth', join(crawl, 'truth.csv'), ...common);
        rows.push({ seed, k, rule, ...detection, noiseRate: noiseRate.estimate, imagesPerSecond });
        console.error(
          `seed ${seed}, K=${k}, ${rule}: F1 ${detection.f1?.toFixed(3)}, AUROC ${detection.auroc?.toFixed(3)}`,
        );
      }
    }
  return { rows };
}

export function describe({ rows }) {
  const lines = [
    '| K | rule | precision | recall | F1 | AUROC of p_noise | clean loss |',
    '|---|---|---|---|---|---|---|',
  ];
  for (const k of subcenters)
    for (const rule of rules) {
      const these = rows.filter((row) => row.k === k && row.rule === rule);
      const cell = (name) => plusMinus(these.map((row) => row[name] ?? 0));
      const figures = ['precision', 'recall', 'f1', 'auroc', 'cleanLoss'].map(cell);
      lines.push(`| ${k} | ${rule} | ${figures.join(' | ')} |`);
    }
  const rates = subcenters.map((k) => {
    const these = rows.filter((row) => row.k === k && row.rule === 'calibrated');
    return `K=${k}: ${plusMinus(these.map(({ noiseRate }) => noiseRate))}`;
  });
  return [
    ...lines,
    '',
    `estimated noise rate (true: 0.200) ${rates.join(', ')}; mean ± half the range, seeds ${seeds.join(', ')}`,
  ].join('\n');
}
