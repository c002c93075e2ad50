import type { Config } from '../core/config.js';
import { type DecisionName, decisionNames, saysNoise } from '../core/records.js';
import { buildIndex } from '../index/indexes.js';
import { type Recall, measureRecall } from '../index/recall.js';
import { writeDecisions } from '../store/decisions.js';
import { recordRun } from '../store/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { calibrate, type NoiseRate } from './calibrate.js';
import { decide, type Suspect } from './decide.js';
import { markDuplicates } from './duplicates.js';
import { gatherEvidence } from './gather-evidence.js';
import { rules } from './rules.js';
import { indexSettings, refuseLowRecall } from './neighbour-search.js';
import { readSiftInputs, type SiftInputs } from './sift-inputs.js';

export interface SiftResult {
  run: string;
  decisions: Record<DecisionName, number>;
  noiseRate: NoiseRate;
  /** How many images each rule would call noise. */
  ruleCounts: Record<string, number>;
  index: { kind: string } & Recall;
}

/** Settings that change a decision. */
const siftSettings = (config: Config): Partial<Config> => {
  const { recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, duplicateBits } = config;
  return {
    ...indexSettings(config),
    ...{ recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, duplicateBits },
  };
};

/** Gathers the evidence on every image and decides. */
export async function sift(context: StageContext): Promise<StageOutcome<SiftResult>> {
  const { workspace, config } = context;
  const inputs = readSiftInputs(workspace);
  const named = { parent: inputs.run.id, dataset: inputs.dataset.fingerprint, settings: siftSettings(config) };
  return doOnce(context, 'sift', named, async (run) => {
    context.progress.update('sift', `${inputs.dataset.images.length} images`);
    const { suspects, noiseRate, index } = await weighEvidence(context, inputs);
    const rule = rules[config.rule];
    const decided = decide(suspects, rule, config);
    const decisions = rule.bare ? decided : markDuplicates(decided, inputs.dataset.images, config.duplicateBits);
    recordRun(workspace, { id: run, stage: 'sift', parent: inputs.run.id, config, inputs: named });
    writeDecisions(workspace, run, decisions);
    return {
      run,
      decisions: countNames(decisions.map(({ decision }) => decision)),
      noiseRate,
      ruleCounts: countByRule(suspects, config),
      index,
    };
  });
}

interface Weighed {
  suspects: Suspect[];
  noiseRate: NoiseRate;
  index: SiftResult['index'];
}

async function weighEvidence({ config, signal }: StageContext, inputs: SiftInputs): Promise<Weighed> {
  const { run, dataset, embeddings, centres, margins } = inputs;
  const index = await buildIndex(embeddings.vectors, config, signal);
  try {
    const recall = await measureRecall(index, embeddings.vectors, config.seed, signal);
    refuseLowRecall(recall, config);
    const evidence = await gatherEvidence(
      {
        dataset,
        embeddings: embeddings.vectors,
        norms: embeddings.norms,
        centres,
        subcenters: run.config.subcenters,
        index,
        neighbours: config.neighbours,
        margins,
      },
      signal,
    );
    const { pNoise, noiseRate } = calibrate(evidence, config.seed);
    const suspects = dataset.images.map(({ path, identity }, i) => ({
      path,
      identity,
      evidence: evidence[i],
      pNoise: pNoise[i],
    }));
    return { suspects, noiseRate, index: { kind: index.kind, ...recall } };
  } finally {
    await index.close();
  }
}

export function countNames(names: readonly DecisionName[]): Record<DecisionName, number> {
  const counts = Object.fromEntries(decisionNames.map((name) => [name, 0])) as Record<DecisionName, number>;
  for (const name of names) counts[name]++;
  return counts;
}

const countByRule = (suspects: readonly Suspect[], config: Config): Record<string, number> =>
  Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [
      name,
      decide(suspects, rule, config).filter(({ decision }) => saysNoise(decision)).length,
    ]),
  );
