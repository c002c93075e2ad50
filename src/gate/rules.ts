import { type GateRule, whenKnown, shareDecidedAs, images, offendingImage, shareOf } from './rule.js';
import { differingSettings, driftBetween } from './set-drift.js';
import type { IdentityCounts, JudgedImage } from './metrics.js';
import { saysNoise } from '../core/records.js';

const drift: GateRule = {
  id: 'drift',
  describe: 'change against the baseline: angles, decisions or noise rate, whichever changed most',
  bounds: ['max'],
  unit: 'share',
  measure: ({ profile, baseline }) =>
    whenKnown(baseline, ({ profile: before }) =>
      whenKnown(profile, (now) => {
        const differing = differingSettings(before, now);
        if (differing.length > 0)
          return {
            notRun: `the baseline was made with another ${differing.join(', ')}: write it again with --write-baseline`,
          };
        const { drift: actual, angles, decisions, noiseRate, byChance } = driftBetween(before, now);
        const parts = [`angles ${angles.toFixed(3)}`, `decisions ${decisions.toFixed(3)}`];
        return {
          actual,
          detail: `${parts.join(', ')}, noise rate ${noiseRate.toFixed(3)}; chance alone moves angles by up to ${byChance.toFixed(3)}`,
        };
      }),
    ),
};

/** Images that are nothing but copies of others do not count on either side: leaving them out loses nothing. */
const lostShare = ({ found, copies, dropped, relabelled }: IdentityCounts): number =>
  found === copies ? 0 : (dropped + relabelled) / (found - copies);

const droppedPerIdentity: GateRule = {
  id: 'dropped-per-identity',
  describe: 'largest share of its images that an identity lost, copies aside',
  bounds: ['max'],
  unit: 'share',
  measure: ({ decided }, { max = 1 }) =>
    whenKnown(decided, ({ identities }) => {
      const mostFirst = [...identities].sort((a, b) => lostShare(b) - lostShare(a) || b.found - a.found);
      return {
        actual: lostShare(mostFirst[0]),
        detail: mostFirst[0].identity,
        offenders: mostFirst
          .filter((counts) => lostShare(counts) > max)
          .map(({ identity, found, copies, dropped, relabelled }) => ({
            kind: 'identity',
            name: identity,
            detail: `lost ${dropped + relabelled} of ${found - copies} images: ${dropped} dropped, ${relabelled} relabelled`,
          })),
      };
    }),
};

const duplicateRate: GateRule = {
  id: 'duplicate-rate',
  describe: 'share of images that are copies',
  bounds: ['max'],
  unit: 'share',
  measure: shareDecidedAs('duplicate'),
};

const identities: GateRule = {
  id: 'identities',
  describe: 'identities with images left',
  bounds: ['min', 'max'],
  unit: 'count',
  measure: ({ decided }, { min }) =>
    whenKnown(decided, ({ identities: all }) => {
      const actual = all.filter(({ left }) => left > 0).length;
      const emptied = all.filter(({ left }) => left === 0);
      const named = min !== undefined && actual < min ? emptied : [];
      return {
        actual,
        offenders: named.map(({ identity, found }) => ({
          kind: 'identity',
          name: identity,
          detail: `nothing left of ${images(found)}`,
        })),
      };
    }),
};

const imagesPerIdentity: GateRule = {
  id: 'images-per-identity',
  describe: 'images left of the smallest identity',
  bounds: ['min'],
  unit: 'count',
  measure: ({ decided }, { min = 0 }) =>
    whenKnown(decided, ({ identities }) => {
      const smallestFirst = [...identities].sort((a, b) => a.left - b.left);
      return {
        actual: smallestFirst[0].left,
        detail: smallestFirst[0].identity,
        offenders: smallestFirst
          .filter(({ left }) => left < min)
          .map(({ identity, left, found }) => ({
            kind: 'identity',
            name: identity,
            detail: `${images(left)} left of ${found}`,
          })),
      };
    }),
};

const indexRecall: GateRule = {
  id: 'index-recall',
  describe: 'recall@10 of the neighbour index, of images of the same identity',
  bounds: ['min'],
  unit: 'share',
  measure: ({ indexRecall: recall }) => whenKnown(recall, (actual) => ({ actual })),
};

const mergeProposals: GateRule = {
  id: 'merge-proposals',
  describe: 'pairs of identities that seem to be one person',
  bounds: ['min', 'max'],
  unit: 'count',
  measure: ({ proposals }, { max = Infinity }) =>
    whenKnown(proposals, ({ merges }) => ({
      actual: merges.length,
      offenders: (merges.length > max ? merges : []).map(({ a, b, confidence }) => ({
        kind: 'identity',
        name: b,
        detail: `seems to be ${a}, confidence ${confidence.toFixed(2)}`,
      })),
    })),
};

/** Called noise, or waiting for a person and more likely noise than not. */
const isProbablyNoise = ({ final, pNoise }: JudgedImage): boolean =>
  saysNoise(final) || (final === 'review' && (pNoise ?? 0) >= 0.5);

const noiseRate: GateRule = {
  id: 'noise-rate',
  describe: 'estimated share of images that are noise',
  bounds: ['max'],
  unit: 'share',
  measure: ({ noiseRate: rate, decided }) =>
    whenKnown(decided, ({ images }) =>
      whenKnown(rate, (actual) => ({
        actual,
        offenders: images
          .filter(isProbablyNoise)
          .sort((a, b) => (b.pNoise ?? 1) - (a.pNoise ?? 1))
          .map(offendingImage),
      })),
    ),
};

const referenceOverlap: GateRule = {
  id: 'reference-overlap',
  describe: 'images and people left that the reference set has too',
  bounds: ['max'],
  unit: 'count',
  measure: ({ shared }) =>
    whenKnown(shared, ({ images, people }) => ({
      actual: images.length + people.length,
      offenders: [
        ...people.map(({ identity, reference, cosine }) => ({
          kind: 'identity' as const,
          name: identity,
          detail: `the same person as ${reference} of the reference set, cosine ${cosine.toFixed(2)}`,
        })),
        ...images.map(({ path, reference, same }) => ({
          kind: 'image' as const,
          name: path,
          detail: `the same ${same} as ${reference} of the reference set`,
        })),
      ],
    })),
};

const reviewRate: GateRule = {
  id: 'review-rate',
  describe: 'share of images that wait for a person',
  bounds: ['max'],
  unit: 'share',
  measure: shareDecidedAs('review'),
};

const splitProposals: GateRule = {
  id: 'split-proposals',
  describe: 'identities that seem to be several people',
  bounds: ['min', 'max'],
  unit: 'count',
  measure: ({ proposals }, { max = Infinity }) =>
    whenKnown(proposals, ({ splits }) => ({
      actual: splits.length,
      offenders: (splits.length > max ? splits : []).map(({ identity, groups, confidence }) => ({
        kind: 'identity',
        name: identity,
        detail: `seems to be ${groups.length} people, confidence ${confidence.toFixed(2)}`,
      })),
    })),
};

const unreadableRate: GateRule = {
  id: 'unreadable-rate',
  describe: 'share of image files that could not be read',
  bounds: ['max'],
  unit: 'share',
  measure: ({ unreadable, readable }) => shareOf(unreadable.map(offendingImage), readable + unreadable.length),
};

const verificationAccuracy: GateRule = {
  id: 'verification-accuracy',
  describe: 'share of pairs that the network gets right',
  bounds: ['min'],
  unit: 'share',
  measure: ({ verification }) => whenKnown(verification, ({ accuracy, of }) => ({ actual: accuracy, detail: of })),
};

/** Every rule of the gate: one value above and one line here. */
export const gateRules: readonly GateRule[] = [
  noiseRate,
  unreadableRate,
  duplicateRate,
  reviewRate,
  identities,
  imagesPerIdentity,
  droppedPerIdentity,
  mergeProposals,
  splitProposals,
  referenceOverlap,
  verificationAccuracy,
  indexRecall,
  drift,
];
