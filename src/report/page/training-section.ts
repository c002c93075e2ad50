import { markup } from '../markup.js';
import { responsive } from '../svg/drawing.js';
import { lineChart, type Series } from '../svg/line-chart.js';
import { degrees, fraction, several } from '../words.js';
import type { SectionMaker } from './section.js';

const HEIGHT = 270;

const runNames = { train: 'on the crawl', retrain: 'on the purified set' } as const;

/** How training went, epoch by epoch. */
export const trainingSection: SectionMaker = ({ training }) => {
  if (training.length === 0) return undefined;
  const seriesOf = (value: 'loss' | 'meanAngleDegrees'): Series[] =>
    training.map(({ stage, epochs }) => ({
      kind: stage,
      name: runNames[stage],
      values: epochs.map((one) => one[value]),
    }));
  const loss = (width: number, suffix: string) =>
    lineChart({
      ...{ id: `loss-${suffix}`, width, height: HEIGHT, series: seriesOf('loss') },
      ...{ title: 'Loss by epoch', upTitle: 'loss' },
      upLabel: (value) => (Number.isInteger(value) ? String(value) : fraction(value, 2)),
    });
  const angle = (width: number, suffix: string) =>
    lineChart({
      ...{ id: `angle-${suffix}`, width, height: HEIGHT, series: seriesOf('meanAngleDegrees') },
      ...{ title: 'Mean angle by epoch', upTitle: 'mean angle to the nearest own sub-centre' },
      upLabel: (value) => degrees(value),
    });
  return {
    id: 'training',
    title: 'Training',
    aside: training.map(({ stage, epochs }) => `${runNames[stage]}: ${several(epochs.length, 'epoch')}`).join(', '),
    body: markup`<ul class="legend short">${training.map(({ stage }) => markup`<li><i class="swatch ${stage}"></i>${runNames[stage]}</li>`)}</ul>
<div class="charts"><figure class="chart">${responsive(500, 350, loss)}</figure><figure class="chart">${responsive(500, 350, angle)}</figure></div>
<p class="note">The margin grows over the first part of a training from scratch, and the loss with it. The two runs have different images and centres: compare the shapes of the curves, not their heights.</p>`,
  };
};
