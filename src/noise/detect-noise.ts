import { requireOnePerImage } from '../core/labelled-features.js';
import { type Decision, saysNoise } from '../core/records.js';
import { markConflicts } from '../duplicates/across-identities.js';
import { markDuplicates } from '../duplicates/within-identity.js';
import { applyProposals } from '../identities/apply-proposals.js';
import { type LabelProposals, mergedLabels, unanswered } from '../identities/label-proposals.js';
import { proposalsOf } from '../identities/propose.js';
import { findNeighbours, type FoundNeighbours, type SearchedIndex } from '../index/find-neighbours.js';
import { decide, type DecideSettings, type ScoredImage } from './decide.js';
import { estimateNoise } from './estimate-noise.js';
import { doubtFaceChoice } from './doubt-face-choice.js';
import { gatherEvidence } from './evidence.js';
import { isFaint } from './face-presence-prior.js';
import { knnAgreement } from './knn-agreement.js';
import { type Unjudged, unjudgedIdentities } from './unjudged.js';
import type { NoiseEstimate, NoiseRate } from './noise-estimate.js';
import { type NoiseInput, type NoiseSet, noiseSet } from './noise-input.js';
import { type GivenNoiseOptions, type NoiseOptions, noiseOptions } from './noise-options.js';
import { type Rule, type RuleName, rules } from './rules.js';
import { chooseCut, type Cut, expectedOf } from './threshold.js';
import { type Withheld, withholdUnlearnt } from './withhold.js';

/** What {@link detectNoise} finds. Arrays are in the order of the images. */
export interface NoiseResult {
  /** One decision per image, (N), with its reason, suggested identity, p_noise and evidence. */
  decisions: Decision[];
  /** Present where the features were learnt from these very labels, and too little was learnt: nothing is dropped then. */
  withheld?: Withheld;
  /** The images before any decision, (N): path, identity, evidence, p_noise. */
  scored: ScoredImage[];
  /** Probability that an image is noise, (N), [0, 1]. */
  pNoise: Float64Array;
  /** Share of the images that are noise, with a 95 % interval; null where too few identities have two photographs. */
  noiseRate: NoiseRate | null;
  /** The thresholds on p_noise that were used, and the precision and recall to expect of them. */
  cut: Cut;
  /** Identities that cannot be judged, by name, and why. */
  unjudged: Unjudged[];
  /** How many images each rule would call noise; rules on sub-centres are absent without sub-centres. */
  ruleCounts: Partial<Record<RuleName, number>>;
  /** Name of each label, (C). */
  identities: readonly string[];
  /** One person under two names, and several under one. */
  proposals: LabelProposals;
  /** The index that was searched, and its recall. */
  index: SearchedIndex;
  /** Class means (C, D) in the whitened space, and the whitening that brings other rows of the features' space there. */
  estimate: Pick<NoiseEstimate, 'means' | 'whitening'>;
}

/**
 * Detects label noise: decides for each image whether it shows the person it is labelled as. It searches the nearest
 * images, proposes names to merge and split, estimates p_noise on the set itself (docs/calibrated-rule.md), gathers the
 * evidence, and decides by a rule. `facesieve sift` and the benchmarks call this same function. It reads and writes no
 * file.
 *
 * @param input features (N, D), labels (N), and what else is known of the images
 * @param options how to decide; every option has a default
 * @returns decisions (N), p_noise (N) in [0, 1], the noise rate, and proposals about names
 * @throws FeatureError if counts differ, a number is not finite, or a row of the features is all zeros
 * @throws NoiseOptionError if a rule does not exist, needs sub-centres that were not given, or a number is out of range
 * @throws RecallError if an approximate index misses too many neighbours
 * @throws InterruptedError if `options.signal` is aborted
 * @example
 * import { detectNoise } from 'facesieve';
 *
 * const { decisions, noiseRate } = await detectNoise({ features, labels });
 * const dropped = decisions.filter(({ decision }) => decision === 'drop');
 * const reasons = dropped.map(({ path, reason }) => `${path}: ${reason}`);
 * const share = noiseRate?.estimate;
 */
export async function detectNoise(input: NoiseInput, options: GivenNoiseOptions = {}): Promise<NoiseResult> {
  const settings = noiseOptions(options);
  const set = noiseSet(input, settings.rule);
  requireOnePerImage('neighbours', input.neighbours && oneOfEach(input.neighbours), set.labels.length);
  const { near, index } = input.neighbours ?? (await findNeighbours(set.features, set.labels, settings));
  settings.onStep?.('proposals');
  const proposals = proposalsFor(set, near);
  settings.onStep?.('calibrate');
  const { estimate, scored } = await scoreImages(set, near, proposals, settings);
  settings.onStep?.('decide');
  const cut = chooseCut(estimate.pNoise, settings);
  const deciding = { ...settings, ...cut };
  const decided = decideAll(set, scored, proposals, rules[settings.rule], deciding);
  const learntHere = settings.rule === 'calibrated' && set.features.space === 'trained';
  const total = estimate.pNoise.reduce((sum, p) => sum + p, 0);
  const expectedAfter = (of: readonly Decision[]): Cut['expected'] =>
    expectedOf(
      estimate.pNoise.filter((_, i) => saysNoise(of[i].decision)),
      total,
    );
  const { precision, recall } = expectedAfter(decided);
  const found = set.planted && precision !== null ? recall! : 0; // of a few images it is not known
  const { decisions, withheld } = learntHere
    ? withholdUnlearnt(decided, estimate.noiseRate?.high ?? 0, found)
    : { decisions: decided };
  settings.onStep?.('other rules');
  return {
    decisions,
    ...(withheld && { withheld }),
    scored,
    pNoise: estimate.pNoise,
    noiseRate: estimate.noiseRate,
    cut: {
      ...cut,
      expected: expectedAfter(decisions),
    },
    unjudged: unjudgedIdentities(decisions, set.labels, set.identities, set.copies, cut.reviewAt),
    ruleCounts: countByRule(set, scored, deciding),
    identities: set.identities,
    proposals,
    index,
    estimate: { means: estimate.means, whitening: estimate.whitening },
  };
}

const oneOfEach = ({ near: { ids, k } }: FoundNeighbours): ArrayLike<unknown> => ({ length: ids.length / k });

/** Returns proposals about names, marked by `set.answer`. Images that show no face are in no cluster: many are alike. */
function proposalsFor(set: NoiseSet, neighbours: FoundNeighbours['near']): LabelProposals {
  const isExcluded = (image: number): boolean => set.isExcluded(image) || isFaint(set.faceScores, image);
  return set.answer(proposalsOf({ embeddings: set.features, labels: set.labels, neighbours, isExcluded }));
}

async function scoreImages(
  set: NoiseSet,
  near: FoundNeighbours['near'],
  proposals: LabelProposals,
  options: NoiseOptions,
): Promise<{ estimate: NoiseEstimate; scored: ScoredImage[] }> {
  const { features, identities, images, copies, margins } = set;
  const merged = mergedLabels(identities.length, proposals.merges);
  const labels = set.labels.map((label) => merged[label]);
  // Under a name that is the image's own by a merge, it was trained rightly.
  const planted =
    set.planted?.map((label, i) => (label < 0 || merged[label] === labels[i] ? -1 : merged[label])) ?? null;
  const agreement = knnAgreement(near, options.neighbours, labels, copies.copyGroups);
  const estimate = await estimateNoise(
    features,
    {
      labels,
      identities: identities.length,
      agreement,
      copyGroups: copies.copyGroups,
      faceGroups: copies.faceGroups,
      quality: set.quality,
      prototypes: proposals.prototypes,
      isAside: asideOf(proposals, set.labels.length),
      faceScores: set.faceScores,
      margins: features.space === 'frozen' ? null : margins,
      planted: features.space === 'frozen' ? null : planted,
      seed: options.seed,
      search: options.index,
    },
    options.overwriteFeatures ?? false,
    options.signal,
  );
  const { label: nearest } = estimate.nearestOther;
  const evidence = gatherEvidence({
    identities,
    faces: set.faces,
    subcenters: set.subcenters,
    quality: set.quality,
    agreement,
    otherAgreement: knnAgreement(near, options.neighbours, labels, copies.copyGroups, nearest),
    estimate,
    margins: margins && margins.map((margin, i) => ((planted?.[i] ?? -1) < 0 ? margin : NaN)), // of a label that is not its own
  });
  const scored = evidence.map((own, i) => {
    const { path, identity } = images.at(i)!;
    return { path, identity, evidence: own, pNoise: estimate.pNoise[i] };
  });
  return { estimate, scored };
}

/** Images of second people whom a proposal asks about. */
function asideOf({ splits }: LabelProposals, count: number): boolean[] {
  const aside = new Set(unanswered(splits).flatMap(({ groups }) => groups.slice(1).flatMap(({ images }) => images)));
  return Array.from({ length: count }, (_, i) => aside.has(i));
}

/** Returns the rule's decisions, as proposals and near-duplicates change them. */
function decideAll(
  { images, identities, copies }: NoiseSet,
  scored: readonly ScoredImage[],
  proposals: LabelProposals,
  rule: Rule,
  settings: DecideSettings,
): Decision[] {
  const decided = decide(scored, rule, settings);
  if (rule.bare) return decided;
  const proposed = applyProposals(decided, identities, proposals);
  const asked = proposed.map((decision, i) => doubtFaceChoice(decision, scored[i].identity));
  return markConflicts(markDuplicates(asked, images, copies), images, copies);
}

const countByRule = (
  { subcenters }: NoiseSet,
  scored: readonly ScoredImage[],
  settings: DecideSettings,
): NoiseResult['ruleCounts'] =>
  Object.fromEntries(
    Object.entries<Rule>(rules)
      .filter(([, { needsSubcenters }]) => subcenters !== null || !needsSubcenters)
      .map(([name, rule]) => [
        name,
        scored.filter(({ evidence, pNoise }) => rule.call(evidence, pNoise, settings).says === 'noise').length,
      ]),
  );
