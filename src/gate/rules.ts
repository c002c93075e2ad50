import type { Metrics } from './metrics.js';

/** What a rule found: a number (and whose it is, for rules over identities), or why there is none. */
export type Measurement = { actual: number; where?: string } | { notRun: string };

/** One thing a gate can hold a data set to. A new one is an entry here. */
export interface GateRule {
  id: string;
  describe: string;
  bounds: readonly ('min' | 'max')[];
  measure(metrics: Metrics): Measurement;
}

const share = (part: number, whole: number): Measurement =>
  whole === 0 ? { notRun: 'there are no images' } : { actual: part / whole };
const known = (value: number | null, stage: string): Measurement =>
  value === null ? { notRun: `not measured yet: run \`facesieve ${stage}\`` } : { actual: value };
const later = (id: string, describe: string): GateRule => ({
  id,
  describe,
  bounds: ['min', 'max'],
  measure: () => ({ notRun: 'this version of facesieve does not measure it' }),
});

function extreme(values: Record<string, number>, better: (a: number, b: number) => boolean): Measurement {
  const entries = Object.entries(values);
  if (entries.length === 0) return { notRun: 'there are no identities' };
  const [where, actual] = entries.reduce((worst, entry) => (better(worst[1], entry[1]) ? entry : worst));
  return { actual, where };
}

export const gateRules: readonly GateRule[] = [
  {
    id: 'noise-rate',
    describe: 'estimated share of images that are noise',
    bounds: ['max'],
    measure: ({ noiseRate }) => known(noiseRate, 'sift'),
  },
  {
    id: 'unreadable-rate',
    describe: 'share of files that could not be read',
    bounds: ['max'],
    measure: ({ unreadable, images }) => share(unreadable, images + unreadable),
  },
  {
    id: 'duplicate-rate',
    describe: 'share of images that are copies',
    bounds: ['max'],
    measure: ({ duplicates, images }) => share(duplicates, images),
  },
  {
    id: 'review-rate',
    describe: 'share of images that wait for a person',
    bounds: ['max'],
    measure: ({ review, images }) => share(review, images),
  },
  {
    id: 'identities',
    describe: 'identities with images left',
    bounds: ['min', 'max'],
    measure: ({ keptByIdentity }) => ({ actual: Object.values(keptByIdentity).filter((kept) => kept > 0).length }),
  },
  {
    id: 'images-per-identity',
    describe: 'images left of the smallest identity',
    bounds: ['min'],
    measure: ({ keptByIdentity }) => extreme(keptByIdentity, (worst, value) => value < worst),
  },
  {
    id: 'dropped-per-identity',
    describe: 'largest share of images that an identity lost',
    bounds: ['max'],
    measure: ({ droppedByIdentity }) => extreme(droppedByIdentity, (worst, value) => value > worst),
  },
  {
    id: 'merge-proposals',
    describe: 'pairs of identities that seem to be one person',
    bounds: ['min', 'max'],
    measure: ({ mergeProposals }) => known(mergeProposals, 'sift --force'),
  },
  {
    id: 'split-proposals',
    describe: 'identities that seem to be several people',
    bounds: ['min', 'max'],
    measure: ({ splitProposals }) => known(splitProposals, 'sift --force'),
  },
  {
    id: 'reference-overlap',
    describe: 'images and people left that the reference set has too',
    bounds: ['max'],
    measure: ({ referenceOverlap }) =>
      referenceOverlap === null
        ? { notRun: 'there is no reference set: name one with `facesieve ingest SOURCE --reference DIR`' }
        : { actual: referenceOverlap },
  },
  {
    id: 'verification-accuracy',
    describe: 'verification accuracy of the retrained network',
    bounds: ['min'],
    measure: ({ verificationAccuracy }) => known(verificationAccuracy, 'evaluate'),
  },
  {
    id: 'index-recall',
    describe: 'recall@10 of the neighbour index',
    bounds: ['min'],
    measure: ({ indexRecall }) => known(indexRecall, 'sift'),
  },
  later('drift', 'change against a stored baseline'),
];
