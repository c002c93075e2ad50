import { gainSentences } from '../metrics/gain-sentences.js';
import { armNames } from '../metrics/held-out-people.js';
import { armTitles, type CompareResult } from '../workspace/results.js';
import { table } from '../core/text/table.js';
import { percent } from './describe-evaluation.js';

/** Whether cleaning helps, as a table and a sentence for each difference; or why that is not known. */
export function describeComparison({ comparison, notCompared }: CompareResult): string[] {
  if (!comparison) return [`whether cleaning helps was not measured: ${notCompared}`];
  const { verification, identification, folds, people, images, pairs, steps } = comparison;
  const withInterval = (value: number, { low, high }: { low: number; high: number }): string =>
    `${percent(value)} (${percent(low)} to ${percent(high)})`;
  const rows = armNames.map((arm) => [
    armTitles[arm],
    withInterval(verification[arm].accuracy, verification[arm].interval),
    verification[arm].auc.toFixed(3),
    percent(verification[arm].eer),
    ...(identification ? [withInterval(identification[arm].rank1, identification[arm].interval)] : []),
  ]);
  const headers = ['does cleaning help? trained on', 'accuracy', 'AUC', 'EER', ...(identification ? ['rank 1'] : [])];
  return [
    ...table(headers, rows),
    ...gainSentences(comparison),
    `tested on ${people} people, held out of all three trainings in ${folds} parts: ${pairs} pairs of their kept images, the same for all three;`,
    `${Math.round(images.before)} images to train on as it was, ${Math.round(images.after)} purified or at random; K = 1 and ${steps} steps each`,
  ];
}
