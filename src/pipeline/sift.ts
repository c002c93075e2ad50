import type { SiftResult } from '../workspace/results.js';
import { type Config, isFrozen } from '../core/config.js';
import { stageSettings } from './stage-settings.js';
import { type Decision, type DecisionName, decisionNames, saysNoise } from '../core/records.js';
import { writeDecisions } from '../workspace/decisions.js';
import { writeProposals } from '../workspace/proposals.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import { recordRun } from '../workspace/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { chooseCut } from '../noise/threshold.js';
import { markContradictions } from '../duplicates/across-identities.js';
import { decide, type DecideSettings, type Suspect } from '../noise/decide.js';
import { markDuplicates } from '../duplicates/within-identity.js';
import { countCopies } from '../duplicates/find-duplicates.js';
import { heedProposals } from '../identities/apply-proposals.js';
import { excludeOverlap } from '../metrics/set-overlap.js';
import { inNames, openOnes } from '../identities/propose.js';
import { withholdUnlearnt } from '../noise/withhold.js';
import type { Rule } from '../noise/rule.js';
import { rules } from '../noise/rules.js';
import { readSiftInputs, type SiftInputs } from './sift-inputs.js';
import { Steps } from './steps.js';
import { weighEvidence, type Weighed } from './weigh-evidence.js';

/** Gathers the evidence on every image and decides. */
export async function sift(context: StageContext): Promise<StageOutcome<SiftResult>> {
  const { workspace, config } = context;
  const steps = new Steps(context.progress, 'sift', 'the images');
  const inputs = await steps.time('read', () => readSiftInputs(workspace));
  const named = {
    ...{ parent: inputs.run.id, dataset: inputs.dataset.fingerprint, settings: stageSettings('sift', config) },
    names: inputs.dataset.names.state, // absent as long as nobody said anything of names
  };
  return doOnce(context, 'sift', named, async (run) => {
    await steps.time('check', () => checkedCropFile(workspace));
    const weighed = await weighEvidence(context, inputs, steps);
    const { suspects, noiseRate, index, overlap, copies, proposals } = weighed;
    const { images, identities } = inputs.dataset;
    const cut = chooseCut(
      Float64Array.from(suspects, ({ pNoise }) => pNoise),
      config.sift,
    );
    const settings = { ...config.sift, ...cut };
    const decided = await steps.time('decide', () => decideAll(inputs, weighed, rules[config.sift.rule], settings));
    const fromScratch = config.sift.rule === 'calibrated' && !isFrozen(inputs.run.config.model.backbone);
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
  settings: DecideSettings & Pick<Config['sift'], 'overlap'>,
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
