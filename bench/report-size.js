// The report of a drawn workspace of 100,000 decided images: how large, how long, how much memory. In every format.
// Environment: N=100000, GALLERY=24 (images of each gallery).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reportFormatNames } from '../dist/report/formats.js';
import { bench } from './cli.js';
import { drawWorkspace } from './drawn-workspace.js';

const images = Number(process.env.N ?? 100_000);
const galleries = (process.env.GALLERY ?? '24,200').split(',');
const set = { identities: images / 20, each: 20, size: 64 };
/** Of each identity's twenty images. */
const decided = ['drop', 'drop', 'relabel', 'review', 'hard', 'duplicate'];
const bin = new URL('../bin/run.js', import.meta.url).pathname;
const reportUse =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`used ${process.resourceUsage().maxRSS}\\n`))';

export function measure() {
  const folder = join(bench, `report-size-${images}`);
  if (!existsSync(folder)) drawWorkspace(folder, set, (i) => decided[i] ?? 'keep');
  return reportFormatNames.flatMap((format) =>
    galleries.map((gallery) => {
      const out = join(bench, `report-size.${format}`);
      const flags = ['-w', folder, '--format', format, '--out', out, '--gallery-images', gallery, '--json', '--quiet'];
      const start = performance.now();
      const run = spawnSync(process.execPath, ['--import', reportUse, bin, 'report', ...flags], { encoding: 'utf8' });
      const seconds = (performance.now() - start) / 1000;
      if (run.status !== 0) throw new Error(`report ended with ${run.status}: ${run.stderr} ${run.stdout}`);
      const peakMiB = Number(/used (\d+)/.exec(run.stderr)[1]) / 1024;
      return { format, gallery, bytes: JSON.parse(run.stdout).bytes, seconds, peakMiB };
    }),
  );
}

export function describe(rows) {
  return [
    `| ${images.toLocaleString('en')} images: format | images a gallery | MB | seconds | peak MiB |`,
    '|---|---|---|---|---|',
    ...rows.map(
      ({ format, gallery, bytes, seconds, peakMiB }) =>
        `| ${format} | ${gallery} | ${(bytes / 1e6).toFixed(2)} | ${seconds.toFixed(1)} | ${peakMiB.toFixed(0)} |`,
    ),
  ].join('\n');
}
