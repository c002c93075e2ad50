import type { Config } from '../core/config.js';
import { type DecisionName, decisionNames, saysNoise } from '../core/records.js';
import { buildIndex } from '../index/indexes.js';
import { type Recall, measureRecall } from '../index/recall.js';
import { writeDecisions } from '../store/decisions.js';
import { recordRun } from '../store/runs.js';
import { cropGeometryOf } from '../store/dataset.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { takeRows } from '../core/vectors.js';
import { dominantRows } from '../subcenter/dominant.js';
import { SPARE_NEIGHBOURS } from './agreement.js';
import { calibrate, type NoiseRate } from './calibrate.js';
import { chooseFaces } from './choose-faces.js';
import { decide, type Suspect } from './decide.js';
import { markContradictions } from './contradictions.js';
import { markDuplicates } from './duplicates.js';
import { type Copies, countCopies, type CopyCounts } from './find-copies.js';
import { gatherEvidence } from './gather-evidence.js';
import { lookForCopies } from './look-for-copies.js';
import { excludeOverlap, findOverlap, type Overlap } from './overlap.js';
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
  /** Pairs of images that show the same photograph, by kind, and how many photographs stand under several identities. */
  copies: CopyCounts;
  /** What the set shares with the reference set; absent without one. */
  overlap?: Overlap;
}

/** Settings that change a decision. */
const siftSettings = (config: Config): Partial<Config> => {
  const { recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, overlap } = config;
  const { copyCorrelation, duplicateBits } = config;
  return {
    ...indexSettings(config),
    ...{ recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, overlap },
    ...{ copyCorrelation, duplicateBits },
  };
};

/** Gathers the evidence on every image and decides. */
export async function sift(context: StageContext): Promise<StageOutcome<SiftResult>> {
  const { workspace, config } = context;
  const inputs = readSiftInputs(workspace);
  const named = { parent: inputs.run.id, dataset: inputs.dataset.fingerprint, settings: siftSettings(config) };
  return doOnce(context, 'sift', named, async (run) => {
    context.progress.update('sift', `${inputs.dataset.images.length} images`);
    const { suspects, noiseRate, index, copies, overlap } = await weighEvidence(context, inputs);
    const rule = rules[config.rule];
    const decided = decide(suspects, rule, config);
    const { images } = inputs.dataset;
    const unique = rule.bare ? decided : markContradictions(markDuplicates(decided, images, copies), images, copies);
    const decisions = overlap && config.overlap === 'exclude' ? excludeOverlap(unique, images, overlap) : unique;
    recordRun(workspace, { id: run, stage: 'sift', parent: inputs.run.id, config, inputs: named });
    writeDecisions(workspace, run, decisions);
    return {
      run,
      decisions: countNames(decisions.map(({ decision }) => decision)),
      noiseRate,
      ruleCounts: countByRule(suspects, config),
      index,
      copies: countCopies(copies, images),
      ...(overlap && { overlap }),
    };
  });
}

interface Weighed {
  suspects: Suspect[];
  noiseRate: NoiseRate;
  index: SiftResult['index'];
  copies: Copies;
  overlap?: Overlap;
}

async function weighEvidence({ workspace, config, signal }: StageContext, inputs: SiftInputs): Promise<Weighed> {
  const { run, dataset, crops, centres, margins } = inputs;
  const { subcenters } = run.config;
  const chosen = chooseFaces(dataset, crops.vectors);
  const embeddings = takeRows(
    crops.vectors,
    chosen.map(({ slot }) => slot),
  ); // (slots, D) -> (N, D)
  const index = await buildIndex(embeddings, config, signal);
  try {
    const recall = await measureRecall(index, embeddings, config.seed, signal);
    refuseLowRecall(recall, config);
    const every = Int32Array.from(dataset.images.keys());
    const near = await index.nearestFirst(every, config.neighbours + SPARE_NEIGHBOURS, signal);
    const aligned = cropGeometryOf(workspace).align === 'auto';
    const copies = await lookForCopies({ dataset, chosen, vectors: crops.vectors, near, aligned }, config, signal);
    const evidence = await gatherEvidence(
      {
        dataset,
        chosen,
        embeddings,
        norms: Float32Array.from(chosen, ({ slot }) => crops.norms[slot]),
        centres,
        subcenters,
        near,
        neighbours: config.neighbours,
        copyGroups: copies.copyGroups,
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
    const overlap =
      dataset.reference.length > 0
        ? findOverlap(
            dataset,
            crops.vectors,
            dominantRows(embeddings, centres, dataset.labels, subcenters),
            evidence,
            pNoise,
            config.duplicateBits,
          )
        : undefined;
    return { suspects, noiseRate, index: { kind: index.kind, ...recall }, copies, overlap };
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
