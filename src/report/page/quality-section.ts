import type { Detection } from '../../metrics/detection.js';
import { markup, type Markup } from '../markup.js';
import type { VerificationFigures } from '../report.js';
import { counted, fraction, percent } from '../words.js';
import type { SectionMaker } from './section.js';

/** Verification before and after, and detection where the truth is known. */
export const qualitySection: SectionMaker = ({ verification, detection }) =>
  verification || detection
    ? {
        id: 'quality',
        title: 'What it was worth',
        body: markup`${verification && verificationPart(verification)}${detection && detectionPart(detection)}`,
      }
    : undefined;

function verificationPart({ before, after }: { before: VerificationFigures; after?: VerificationFigures }): Markup {
  const rows: [string, (figures: VerificationFigures) => string][] = [
    ['accuracy', ({ accuracy, std }) => `${percent(accuracy)} ± ${(100 * std).toFixed(1)}`],
    ['area under the ROC', ({ auc }) => fraction(auc)],
    ['equal error rate', ({ eer }) => percent(eer)],
    ...supported(before).map((far): [string, (figures: VerificationFigures) => string] => [
      `TAR at FAR ${far}`,
      ({ tarAtFar }) => percent(tarAtFar[far]),
    ]),
  ];
  return markup`<h3 class="sub">Verification</h3><table class="figures"><thead><tr><td></td><th scope="col">trained on the crawl</th>${after && markup`<th scope="col">retrained on the purified set</th>`}</tr></thead>
<tbody>${rows.map(([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value(before)}</td>${after && markup`<td>${value(after)}</td>`}</tr>`)}</tbody></table>
<p class="note">${counted(before.genuine)} pairs of one person, ${counted(before.impostor)} of two. Unless a file of pairs was named, they are kept images that retraining did not see; the network trained on the crawl did, so its figures flatter.</p>`;
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
