import type { Config } from '../core/config.js';
import { type DecisionName, decisionNames, type Evidence, saysNoise } from '../core/records.js';
import { buildIndex } from '../index/indexes.js';
import { type Recall, measureRecall } from '../index/recall.js';
import { writeDecisions } from '../store/decisions.js';
import { recordRun } from '../store/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { takeRows } from '../core/vectors.js';
import { dominantRows } from '../subcenter/dominant.js';
import { calibrate, type NoiseRate } from './calibrate.js';
import { chooseFaces } from './choose-faces.js';
import { decide, type Suspect } from './decide.js';
import { markDuplicates } from './duplicates.js';
import { type EvidenceSources, gatherEvidence } from './gather-evidence.js';
import { excludeOverlap, findOverlap, type Overlap } from './overlap.js';
import { rules } from './rules.js';
import { indexSettings, refuseLowRecall } from './neighbour-search.js';
import { readSiftInputs, readSiftVectors, type SiftInputs } from './sift-inputs.js';
import { Steps } from './steps.js';

export interface SiftResult {
  run: string;
  decisions: Record<DecisionName, number>;
  noiseRate: NoiseRate;
  /** How many images each rule would call noise. */
  ruleCounts: Record<string, number>;
  index: { kind: string } & Recall;
  /** What the set shares with the reference set; absent without one. */
  overlap?: Overlap;
  /** How long each step took. */
  seconds: Record<string, number>;
}

/** Settings that change a decision. */
const siftSettings = (config: Config): Partial<Config> => {
  const { recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, duplicateBits, overlap } = config;
  return {
    ...indexSettings(config),
    ...{ recallBar, neighbours, rule, angle, dropAt, reviewAt, hardFence, duplicateBits, overlap },
  };
};

/** Gathers the evidence on every image and decides. */
export async function sift(context: StageContext): Promise<StageOutcome<SiftResult>> {
  const { workspace, config } = context;
  const steps = new Steps(context.progress, 'sift', 'the images');
  const inputs = await steps.time('read', () => readSiftInputs(workspace));
  const named = { parent: inputs.run.id, dataset: inputs.dataset.fingerprint, settings: siftSettings(config) };
  return doOnce(context, 'sift', named, async (run) => {
    const { suspects, noiseRate, index, overlap } = await weighEvidence(context, inputs, steps);
    const { images } = inputs.dataset;
    const decisions = await steps.time('decide', () => {
      const rule = rules[config.rule];
      const decided = decide(suspects, rule, config);
      const unique = rule.bare ? decided : markDuplicates(decided, images, config.duplicateBits);
      return overlap && config.overlap === 'exclude' ? excludeOverlap(unique, images, overlap) : unique;
    });
    await steps.time('write', () => {
      recordRun(workspace, { id: run, stage: 'sift', parent: inputs.run.id, config, inputs: named });
      writeDecisions(workspace, run, decisions);
    });
    return {
      run,
      decisions: countNames(decisions.map(({ decision }) => decision)),
      noiseRate,
      ruleCounts: await steps.time('other rules', () => countByRule(suspects, config)),
      index,
      ...(overlap && { overlap }),
      seconds: steps.seconds,
    };
  });
}

interface Weighed {
  suspects: Suspect[];
  noiseRate: NoiseRate;
  index: SiftResult['index'];
  overlap?: Overlap;
}

async function weighEvidence(context: StageContext, inputs: SiftInputs, steps: Steps): Promise<Weighed> {
  const { config } = context;
  const { run, dataset } = inputs;
  const vectors = await steps.time('read', () => readSiftVectors(context.workspace, inputs));
  const { crops, centres } = vectors;
  const chosen = await steps.time('choose faces', () => chooseFaces(dataset, crops.vectors));
  const slots = Int32Array.from(chosen, ({ slot }) => slot);
  const embeddings = takeRows(crops.vectors, slots); // (slots, D) -> (N, D)
  const sources = {
    ...{ dataset, chosen, embeddings, centres, subcenters: run.config.subcenters, margins: vectors.margins },
    norms: Float32Array.from(slots, (slot) => crops.norms[slot]),
  };
  const { evidence, index } = await searchEvidence(context, sources, steps);
  const { pNoise, noiseRate } = await steps.time('calibrate', () => calibrate(evidence, config.seed));
  const suspects = dataset.images.map(({ path, identity }, i) => ({
    path,
    identity,
    evidence: evidence[i],
    pNoise: pNoise[i],
  }));
  if (dataset.reference.length === 0) return { suspects, noiseRate, index };
  const overlap = await steps.time('overlap', () => {
    const dominants = dominantRows(embeddings, centres, dataset.labels, sources.subcenters);
    return findOverlap(dataset, crops.vectors, dominants, evidence, pNoise, config.duplicateBits);
  });
  return { suspects, noiseRate, index, overlap };
}

/** The evidence, from an index that is gone afterwards: it is as large as the embeddings. */
async function searchEvidence(
  { config, signal }: StageContext,
  sources: Omit<EvidenceSources, 'index' | 'neighbours' | 'settings'>,
  steps: Steps,
): Promise<{ evidence: Evidence[]; index: SiftResult['index'] }> {
  const { embeddings } = sources;
  const index = await steps.time('index', () => buildIndex(embeddings, config, signal));
  try {
    const recall = await steps.time('recall', () => measureRecall(index, embeddings, config.seed, signal));
    refuseLowRecall(recall, config);
    const { neighbours } = config;
    const evidence = await gatherEvidence({ ...sources, index, neighbours, settings: config }, signal, steps);
    return { evidence, index: { kind: index.kind, ...recall } };
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
