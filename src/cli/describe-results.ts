import type { Status } from '../pipeline/status.js';
import type { PipelineResult } from '../pipeline/pipeline.js';
import type { IngestResult, SiftResult } from '../workspace/results.js';
import { paragraphs, table } from '../core/text/table.js';
import type { IngestPreview } from '../pipeline/ingest/preview.js';
import type { RoundChanges } from '../pipeline/compare-rounds.js';
import { rules } from '../noise/rules.js';
import { LEAST_FLAGGED } from '../noise/threshold.js';
import { LEAST_LEARNT, type Withheld } from '../noise/withhold.js';
import { describeComparison } from './describe-comparison.js';
import { describeDetection, percent } from './describe-evaluation.js';
import { quantity } from '../core/text/quantity.js';

/** What was read, and everything that was not used. */
export function describeIngest(result: IngestResult): string[] {
  const { images, identities, unreadable, duplicates, skipped, noFace, severalFaces, notUsed, quality } = result;
  const findings = Object.entries(quality.findings).filter(([, count]) => count > 0);
  return [
    [
      `${quantity(images + unreadable + skipped, 'file')}: ${quantity(images, 'image')} of ${quantity(identities, 'identity', 'identities')}, ${unreadable} unreadable, ${skipped} skipped`,
    ],
    notUsed.slice(0, 10).map(({ reason, count }) => `  ${count} x ${reason}`),
    describeUnderstood(result),
    duplicates > 0 ? [`byte for byte the same file as another: ${quantity(duplicates, 'image')}`] : [],
    noFace + severalFaces > 0 ? [`${noFace} without a face, ${severalFaces} with more than one`] : [],
    findings.length > 0 ? [findings.map(([name, count]) => `${count} ${name}`).join(', ')] : [],
    quality.properties.length > 0 ? [`most images are ${quality.properties.join(', ')}: that is how the set is`] : [],
    result.reference === undefined ? [] : [`${quantity(result.reference, 'image')} of the reference set`],
  ].flat();
}

/** What a row of the source means, and what is unlikely about that. */
const describeUnderstood = ({
  unlabelled,
  understood,
  warnings,
}: Pick<IngestResult, 'unlabelled' | 'understood' | 'warnings'>) => [
  ...understood,
  ...(unlabelled > 0 ? [`${quantity(unlabelled, 'sample')} without a label`] : []),
  ...warnings.map((warning) => `WARNING: ${warning}`),
];

/** How an ingest would understand its source. */
export const describePreview = (preview: IngestPreview): string[] => [
  `would read ${quantity(preview.images, 'image')} of ${quantity(preview.identities, 'identity', 'identities')}; nothing was decoded or written`,
  ...preview.notUsed.slice(0, 10).map(({ reason, count }) => `  ${count} x ${reason}`),
  ...describeUnderstood(preview),
];

/** The share of noise with its interval, or that there is nothing to measure it by. */
export const describeNoiseRate = (rate: SiftResult['noiseRate']): string =>
  rate
    ? `estimated noise rate ${percent(rate.estimate)} (${percent(rate.low)} to ${percent(rate.high)})`
    : 'noise rate not measured: fewer than three identities have two photographs to compare';

/** What the images called noise are worth, as far as that is known. */
export function describeExpected({ expected, decisions }: Pick<SiftResult, 'expected' | 'decisions'>): string[] {
  const { precision, recall } = expected;
  const what = 'expected of what is called noise';
  if (precision !== null && recall !== null)
    return [`${what}: precision ${percent(precision)}, recall ${percent(recall)}`];
  return decisions.drop + decisions.relabel > 0
    ? [`${what}: not known, fewer than ${LEAST_FLAGGED} images are called noise`]
    : [];
}

/** Loud: whoever reads only the counts takes the set for clean. */
export const describeWithheld = ({ learnt, images }: Withheld): string[] => [
  'NOT JUDGED: these images are too few, or too hard, to teach a network from scratch. After training it told only',
  `${percent(learnt)} of them from the other people (${percent(LEAST_LEARNT)} is the least to go by), so nothing was dropped or relabelled by it;`,
  `${images} doubtful images are in review instead. A pretrained model does not have to learn from them:`,
  '  facesieve model pull mobilefacenet',
  '  facesieve run SOURCE --backbone pretrained:mobilefacenet',
];

/** Names in a line of {@link describeUnjudged}. */
const NAMES = 8;

/** Identities that cannot be judged, by name. */
export const describeUnjudged = (unjudged: SiftResult['unjudged']): string[] =>
  (unjudged ?? []).map(({ why, count, identities }) => {
    const more = count > NAMES ? ` and ${count - NAMES} more` : '';
    return `${quantity(count, 'identity', 'identities')} cannot be judged, ${why}: ${identities.slice(0, NAMES).join(', ')}${more}`;
  });

const FIRST = 10;

/** What the set shares with the reference set, by name. */
export function describeOverlap({ images, people }: NonNullable<SiftResult['overlap']>): string[] {
  const rows = [
    ...people.map(({ identity, reference, cosine }) => [
      identity,
      reference,
      `same person, cosine ${cosine.toFixed(2)}`,
    ]),
    ...images.map(({ path, reference, same }) => [path, reference, `same ${same}`]),
  ];
  const head = `in the reference set too: ${quantity(images.length, 'image')}, ${quantity(people.length, 'person', 'people')}`;
  if (rows.length === 0) return [head];
  const rest = rows.length > FIRST ? [`and ${rows.length - FIRST} more: --json has them all`] : [];
  return [head, ...table(['in the set', 'in the reference', 'how'], rows.slice(0, FIRST)), ...rest];
}

export function describeCopies({
  bytes,
  pixels,
  near,
  mirrored,
  underSeveralIdentities,
}: SiftResult['copies']): string {
  const kinds = `${bytes} the same file, ${pixels} the same pixels, ${near} changed, ${mirrored} mirrored`;
  return (
    `the same photograph: ${quantity(bytes + pixels + near + mirrored, 'pair')} of images (${kinds}); ` +
    `labelled as several identities: ${quantity(underSeveralIdentities, 'photograph')}`
  );
}

/** Each round after the first as a paragraph of its own. */
const describeRound = ({ round, changed, cameBack, newlyNoise }: RoundChanges): string =>
  `round ${round}: ${quantity(changed, 'decision')} changed; ${quantity(cameBack, 'image')} came back, ${newlyNoise} became noise`;

const NOT_COMPARED =
  'whether cleaning helps recognition was not measured: --compare does, and trains three networks for each of some parts of the people';

type FinalCounts = Pick<Status, 'decisions' | 'verdicts'>;

/** The whole run in a few lines. @param status decisions after verdicts */
export function describeRun({ rounds, results }: PipelineResult, { decisions, verdicts }: FinalCounts): string[] {
  const { ingest, sift, purify, compare, evaluate, report } = results;
  const { noiseRate } = sift;
  const counts = Object.entries(decisions ?? sift.decisions).map(([name, count]) => [name, String(count)]);
  return paragraphs([
    describeIngest(ingest),
    [...table(['decision', 'images'], counts), ...(verdicts > 0 ? [`${verdicts} of them are verdicts of people`] : [])],
    [describeNoiseRate(noiseRate)],
    sift.withheld ? describeWithheld(sift.withheld) : [],
    describeUnjudged(sift.unjudged),
    ...rounds.map((round) => [describeRound(round)]),
    [describeCopies(sift.copies)],
    sift.overlap ? describeOverlap(sift.overlap) : [],
    compare ? describeComparison(compare) : [NOT_COMPARED],
    describeDetection(evaluate),
    [
      `${quantity(purify.kept, 'image')} of ${quantity(purify.identities, 'identity', 'identities')} in ${purify.out}`,
      `report: ${report.out}`,
    ],
  ]);
}

/** How many images each rule would call noise, as a table. */
export const describeRules = (counts: SiftResult['ruleCounts']): string[] =>
  table(
    ['rule', 'would drop', 'which'],
    Object.entries(counts).map(([name, n]) => [name, String(n), rules[name as keyof typeof rules].summary]),
  );
