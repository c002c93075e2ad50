import { type ComparedArms, conclusionOf, type Estimate } from './compare-arms.js';

const points = (difference: number): string => `${difference < 0 ? '-' : '+'}${Math.abs(100 * difference).toFixed(1)}`;

const conclusions = {
  better: 'cleaning is better',
  worse: 'cleaning is worse',
  'no difference': 'no difference can be seen at this size',
};

/** What the interval of a difference says of the purified set against `other`, in words. */
export function gainSentence(figure: string, other: string, difference: Estimate): string {
  const { estimate, low, high } = difference;
  const measured = `${points(estimate)} points (${points(low)} to ${points(high)})`;
  return `${figure}, the purified set against ${other}: ${measured}: ${conclusions[conclusionOf(difference)]}`;
}

/** A sentence for each figure and each of the other two arms. */
export const gainSentences = ({ gain }: Pick<ComparedArms, 'gain'>): string[] =>
  [{ figure: 'accuracy', of: gain.accuracy }, ...(gain.rank1 ? [{ figure: 'rank 1', of: gain.rank1 }] : [])].flatMap(
    ({ figure, of }) => [
      gainSentence(figure, 'the crawl as it was', of.overBefore),
      gainSentence(figure, 'random removal', of.overRandom),
    ],
  );
