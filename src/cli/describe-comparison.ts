import { conclusionOf, type Estimate } from '../metrics/compare-arms.js';
import { armNames } from '../metrics/held-out-people.js';
import { armTitles, type CompareResult } from '../workspace/results.js';
import { table } from '../core/text/table.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const points = (difference: number): string => `${difference < 0 ? '-' : '+'}${Math.abs(100 * difference).toFixed(1)}`;

/** Whether cleaning helps, as a table and a sentence for each difference; or why that is not known. */
export function describeComparison({ comparison, notCompared }: CompareResult): string[] {
  if (!comparison) return [`whether cleaning helps was not measured: ${notCompared}`];
  const { verification, identification, gain, folds, people, images, pairs, steps } = comparison;
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
    sentence('accuracy', 'the crawl as it was', gain.accuracy.overBefore),
    sentence('accuracy', 'random removal', gain.accuracy.overRandom),
    ...(gain.rank1
      ? [
          sentence('rank 1', 'the crawl as it was', gain.rank1.overBefore),
          sentence('rank 1', 'random removal', gain.rank1.overRandom),
        ]
      : []),
    `tested on ${people} people, held out of all three trainings in ${folds} parts: ${pairs} pairs of their kept images, the same for all three;`,
    `${Math.round(images.before)} images to train on as it was, ${Math.round(images.after)} purified or at random; K = 1 and ${steps} steps each`,
  ];
}

/** What the interval of a difference says, in words. */
export function sentence(figure: string, other: string, difference: Estimate): string {
  const { estimate, low, high } = difference;
  const measured = `${points(estimate)} points (${points(low)} to ${points(high)})`;
  const against = `${figure}, the purified set against ${other}: ${measured}`;
  switch (conclusionOf(difference)) {
    case 'better':
      return `${against}: cleaning is better`;
    case 'worse':
      return `${against}: cleaning is worse`;
    case 'no difference':
      return `${against}: no difference can be seen at this size`;
  }
}
