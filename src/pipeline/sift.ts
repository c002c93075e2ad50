import { type Config, isFrozen } from '../core/config.js';
import { type Decision, type DecisionName, decisionNames, saysNoise } from '../core/records.js';
import { writeDecisions } from '../workspace/decisions.js';
import { writeProposals } from '../workspace/proposals.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import { recordRun } from '../workspace/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import type { NoiseRate } from '../noise/noise-estimate.js';
import { chooseCut, type Cut } from '../noise/threshold.js';
import { markContradictions } from '../duplicates/across-identities.js';
import { decide, type DecideSettings, type Suspect } from '../noise/decide.js';
import { markDuplicates } from '../duplicates/within-identity.js';
import { countCopies, type CopyCounts } from '../duplicates/find-duplicates.js';
import { heedProposals } from '../identities/apply-proposals.js';
import { excludeOverlap, type Overlap } from '../metrics/set-overlap.js';
import { inNames, openOnes } from '../identities/propose.js';
import { type Withheld, withholdUnlearnt } from '../noise/withhold.js';
import type { Rule } from '../noise/rule.js';
import { rules } from '../noise/rules.js';
import { indexSettings, type SearchedIndex } from './neighbour-search.js';
import { readSiftInputs, type SiftInputs } from './sift-inputs.js';
import { Steps } from './steps.js';
import { weighEvidence, type Weighed } from './weigh-evidence.js';

export interface SiftResult {
  run: string;
  decisions: Record<DecisionName, number>;
  /** null where nothing can be measured: every identity is one photograph. */
  noiseRate: NoiseRate | null;
  /** The cut on p_noise: as configured, or as a target moved it. */
  cut: Pick<Cut, 'dropAt' | 'reviewAt'>;
  /** What the cut should be worth, by the calibrated rule's own reckoning. */
  expected: Cut['expected'];
  /** Present where a network trained from scratch learnt too little to drop or relabel by. */
  withheld?: Withheld;
  /** How many images each rule would call noise. */
  ruleCounts: Record<string, number>;
  index: SearchedIndex;
  /** Pairs of images that show the same photograph, by kind, and how many photographs stand under several identities. */
  copies: CopyCounts;
  /** How many nobody has answered: one person under two names, several under one. */
  proposals: { merges: number; splits: number };
  /** What the set shares with the reference set; absent without one. */
  overlap?: Overlap;
  /** How long each step took. */
  seconds: Record<string, number>;
}

/** Settings that change a decision. */
const siftSettings = (config: Config): Partial<Config> => {
  const { recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, overlap } = config;
  const { copyCorrelation, duplicateBits, targetPrecision, targetRecall } = config;
  return {
    ...indexSettings(config),
    ...{ recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, overlap },
    ...{ copyCorrelation, duplicateBits, targetPrecision, targetRecall },
  };
};

/** Gathers the evidence on every image and decides. */
export async function sift(context: StageContext): Promise<StageOutcome<SiftResult>> {
  const { workspace, config } = context;
  const steps = new Steps(context.progress, 'sift', 'the images');
  const inputs = await steps.time('read', () => readSiftInputs(workspace));
  const named = {
    ...{ parent: inputs.run.id, dataset: inputs.dataset.fingerprint, settings: siftSettings(config) },
    names: inputs.dataset.names.state, // absent as long as nobody said anything of names
  };
  return doOnce(context, 'sift', named, async (run) => {
    await steps.time('check', () => checkedCropFile(workspace));
    const weighed = await weighEvidence(context, inputs, steps);
    const { suspects, noiseRate, index, overlap, copies, proposals } = weighed;
    const { images, identities } = inputs.dataset;
    const cut = chooseCut(
      Float64Array.from(suspects, ({ pNoise }) => pNoise),
      config,
    );
    const settings = { ...config, ...cut };
    const decided = await steps.time('decide', () => decideAll(inputs, weighed, rules[config.rule], settings));
    const fromScratch = config.rule === 'calibrated' && !isFrozen(inputs.run.config.backbone);
    const { decisions, withheld } = fromScratch ? withholdUnlearnt(decided) : { decisions: decided };
    await steps.time('write', () => {
      recordRun(workspace, { id: run, stage: 'sift', parent: inputs.run.id, config, inputs: named });
      writeDecisions(workspace, run, decisions);
      const paths = images.map(({ path }) => path);
      writeProposals(workspace, run, inNames(proposals, identities, paths));
    });
    return {
      run,
      decisions: countNames(decisions.map(({ decision }) => decision)),
      noiseRate,
      cut: { dropAt: cut.dropAt, reviewAt: cut.reviewAt },
      expected: cut.expected,
      ...(withheld && { withheld }),
      ruleCounts: await steps.time('other rules', () => countByRule(suspects, settings)),
      index,
      copies: countCopies(copies, images),
      proposals: { merges: openOnes(proposals.merges).length, splits: openOnes(proposals.splits).length },
      ...(overlap && { overlap }),
      seconds: steps.seconds,
    };
  });
}

/** The rule's decisions, and what copies, proposals and the reference set change in them. */
function decideAll(
  { dataset: { images, identities } }: SiftInputs,
  { suspects, copies, proposals, overlap }: Weighed,
  rule: Rule,
  settings: DecideSettings & Pick<Config, 'overlap'>,
): Decision[] {
  const decided = decide(suspects, rule, settings);
  const unique = rule.bare
    ? decided
    : markContradictions(markDuplicates(heedProposals(decided, identities, proposals), images, copies), images, copies);
  return overlap && settings.overlap === 'exclude' ? excludeOverlap(unique, images, overlap) : unique;
}

export function countNames(names: readonly DecisionName[]): Record<DecisionName, number> {
  const counts = Object.fromEntries(decisionNames.map((name) => [name, 0])) as Record<DecisionName, number>;
  for (const name of names) counts[name]++;
  return counts;
}

const countByRule = (suspects: readonly Suspect[], settings: DecideSettings): Record<string, number> =>
  Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [
      name,
      decide(suspects, rule, settings).filter(({ decision }) => saysNoise(decision)).length,
    ]),
  );
