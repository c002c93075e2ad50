import type { EvaluateResult } from '../evaluate/evaluate.js';
import type { StageResults } from '../pipeline.js';
import { table } from '../report/table.js';

const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
const fraction = (share: number | null): string => (share === null ? '-' : share.toFixed(3));

/** Verification and detection, as tables. */
export function describeEvaluation({ verification, detection }: EvaluateResult): string {
  const parts: string[] = [];
  if (verification) {
    const rows = Object.entries(verification).map(([name, v]) => [
      name === 'before' ? 'trained on the crawl' : 'retrained on the purified set',
      `${percent(v.accuracy)} ± ${(100 * v.std).toFixed(1)}`,
      fraction(v.auc),
      percent(v.eer),
      percent(v.tarAtFar['1e-2']),
    ]);
    parts.push(table(['verification', 'accuracy', 'AUC', 'EER', 'TAR@FAR=1e-2'], rows));
  }
  if (detection) {
    const { precision, recall, f1, auroc, averagePrecision, cleanLoss } = detection;
    const row = [
      fraction(precision),
      fraction(recall),
      fraction(f1),
      fraction(auroc),
      fraction(averagePrecision),
      percent(cleanLoss),
    ];
    parts.push(table(['precision', 'recall', 'F1', 'AUROC', 'AP', 'clean loss'], [row]));
  }
  return parts.join('\n\n');
}

/** The whole run in a few lines. */
export function describeRun({ ingest, sift, purify, evaluate }: StageResults): string {
  const { decisions, noiseRate } = sift;
  const counts = Object.entries(decisions).map(([name, count]) => [name, String(count)]);
  return [
    `${ingest.images} images of ${ingest.identities} identities, ${ingest.unreadable} unreadable files`,
    '',
    table(['decision', 'images'], counts),
    '',
    `estimated noise rate ${percent(noiseRate.estimate)} (${percent(noiseRate.low)} to ${percent(noiseRate.high)})`,
    '',
    describeEvaluation(evaluate),
    '',
    `${purify.kept} images of ${purify.identities} identities in ${purify.out}`,
  ].join('\n');
}
