import type { Detection } from '../../metrics/detection.js';
import { markup, type Markup } from '../markup.js';
import { armNames } from '../../metrics/held-out-people.js';
import { armTitles, type Comparison, networkTitles } from '../../workspace/results.js';
import type { Report, VerificationFigures } from '../report.js';
import { gainSentences } from '../../metrics/gain-sentences.js';
import { counted, fraction, percent, withInterval } from '../words.js';
import type { SectionMaker } from './section.js';

/** Whether cleaning helps, verification of the networks that may be told, and detection where the truth is known. */
export const qualitySection: SectionMaker = ({ comparison, verification, detection }) =>
  comparison || verification || detection
    ? {
        id: 'quality',
        title: 'What it was worth',
        body: markup`${comparison && comparisonPart(comparison)}${verification && verificationPart(verification)}${detection && detectionPart(detection)}`,
      }
    : undefined;

function comparisonPart(compared: Comparison): Markup {
  const { verification, identification, folds, people, pairs, images, steps } = compared;
  const rows = armNames.map((arm) => {
    const { accuracy, interval, auc, eer } = verification[arm];
    const rank1 = identification?.[arm];
    return markup`<tr><th scope="row">${armTitles[arm]}</th><td>${withInterval(accuracy, interval)}</td><td>${fraction(auc)}</td><td>${percent(eer)}</td>${rank1 && markup`<td>${withInterval(rank1.rank1, rank1.interval)}</td>`}</tr>`;
  });
  return markup`<h3 class="sub">Does cleaning help?</h3><table class="figures"><thead><tr><th scope="col">trained on</th><th scope="col">accuracy</th><th scope="col">area under the ROC</th><th scope="col">equal error rate</th>${identification && markup`<th scope="col">rank 1</th>`}</tr></thead>
<tbody>${rows}</tbody></table>
<ul>${gainSentences(compared).map((says) => markup`<li>${says}</li>`)}</ul>
<p class="note">Tested on ${counted(people)} people, held out of all three trainings in ${counted(folds)} parts: ${counted(pairs)} pairs of their kept images, the same for all three. ${counted(images.before)} images to train on as it was, ${counted(images.after)} purified or at random; ${counted(steps)} steps each. In brackets: 95 of 100 times.</p>`;
}

function verificationPart(verification: NonNullable<Report['verification']>): Markup {
  const told = (['before', 'after'] as const).flatMap((name) => {
    const figures = verification[name];
    return figures ? [{ title: networkTitles[name], figures }] : [];
  });
  const [first] = told;
  const rows: [string, (figures: VerificationFigures) => string][] = [
    ['accuracy', ({ accuracy, std }) => `${percent(accuracy)} ± ${(100 * std).toFixed(1)}`],
    ['area under the ROC', ({ auc }) => fraction(auc)],
    ['equal error rate', ({ eer }) => percent(eer)],
    ...supported(first.figures).map((far): [string, (figures: VerificationFigures) => string] => [
      `TAR at FAR ${far}`,
      ({ tarAtFar }) => percent(tarAtFar[far]),
    ]),
  ];
  return markup`<h3 class="sub">Verification</h3><table class="figures"><thead><tr><td></td>${told.map(({ title }) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(([name, value]) => markup`<tr><th scope="row">${name}</th>${told.map(({ figures }) => markup`<td>${value(figures)}</td>`)}</tr>`)}</tbody></table>
<p class="note">${counted(first.figures.genuine)} pairs of one person, ${counted(first.figures.impostor)} of two. Unless a file of pairs was named, they are pairs of kept images. The retrained network did not see one image of each; a network trained on the crawl was trained on both, and is told only where there is no other.</p>`;
}

/** False accept rates that there are impostor pairs enough for. */
const supported = ({ tarAtFar }: VerificationFigures): string[] =>
  Object.keys(tarAtFar).filter((far) => tarAtFar[far] !== null);

function detectionPart(d: Detection): Markup {
  const figures: [string, string][] = [
    ['precision', fraction(d.precision)],
    ['recall', fraction(d.recall)],
    ['F1', fraction(d.f1)],
    ['AUROC of p_noise', fraction(d.auroc)],
    ['average precision', fraction(d.averagePrecision)],
    ['clean images lost', percent(d.cleanLoss)],
    ...Object.entries(d.recallByNoise).map(([kind, recall]): [string, string] => [
      `recall of ${noiseWords[kind] ?? kind}`,
      fraction(recall),
    ]),
  ];
  return markup`<h3 class="sub">Noise found, against the truth</h3><dl class="figures">${figures.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="note">${counted(d.noisy)} of ${counted(d.images)} images are known to be noise; ${counted(d.flagged)} were dropped or relabelled.</p>`;
}

const noiseWords: Record<string, string> = { open: 'strangers', closed: 'swapped names', nonface: 'no faces' };
