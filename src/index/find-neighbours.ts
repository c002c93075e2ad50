import { defaults } from '../core/config.js';
import { RecallError } from '../core/errors.js';
import type { MatrixIn, Space } from '../core/spaces.js';
import { buildIndex, type SearchSettings } from './indexes.js';
import type { Neighbours } from './neighbour-index.js';
import { measureRecall, type Recall } from './recall.js';

/** Neighbours searched beyond k: room for the copies of an image, which do not count. */
export const SPARE_NEIGHBOURS = 5;

/** How the nearest images of every image are found. */
export interface NeighbourOptions {
  /** k; {@link SPARE_NEIGHBOURS} more are found. */
  neighbours: number;
  /** Which index is searched, and how. */
  index: SearchSettings & {
    /** Share of the true neighbours of the same label that the index must find, [0, 1]; exact search finds all. */
    recallBar: number;
  };
  /** Seed of the sample that recall is measured on. */
  seed: number;
  /** Stops the work between two blocks. */
  signal?: AbortSignal;
  /** Is called with the name of each step when it begins. */
  onStep?: (step: string) => void;
}

/** Options as a caller gives them: those that are absent get the defaults of core/config.ts. */
export type GivenNeighbourOptions = Partial<Omit<NeighbourOptions, 'index'>> & {
  index?: Partial<NeighbourOptions['index']>;
};

/** Returns the options with the defaults of core/config.ts for those that are not given. */
export const neighbourOptions = (given: GivenNeighbourOptions): NeighbourOptions => ({
  neighbours: given.neighbours ?? defaults.sift.neighbours,
  seed: given.seed ?? defaults.seed,
  index: { ...defaults.index, ...given.index },
  signal: given.signal,
  onStep: given.onStep,
});

/** Which index was searched, and how much it finds. */
export type SearchedIndex = { kind: string } & Recall;

/** The nearest images of each image, and the index they were found by. */
export interface FoundNeighbours {
  near: Neighbours;
  index: SearchedIndex;
}

/**
 * Finds the nearest images of every image. The index is freed before this returns: it is as large as the features.
 *
 * @param features (N, D) unit rows
 * @param labels (N), where an approximate index looks first
 * @throws RecallError if the index finds fewer of the true neighbours than `options.recallBar`
 * @throws InterruptedError if the signal is aborted
 */
export async function findNeighbours<S extends Space>(
  features: MatrixIn<S>,
  labels: Int32Array,
  options: NeighbourOptions,
): Promise<FoundNeighbours> {
  const { signal, onStep } = options;
  onStep?.('index');
  const index = await buildIndex(features, options.index, signal, labels);
  try {
    onStep?.('recall');
    const recall = await measureRecall(index, features, labels, options.seed, signal, options.index.threads);
    refuseLowRecall(recall, options.index);
    onStep?.('neighbours');
    const every = Int32Array.from({ length: features.rows }, (_, i) => i);
    const near = await index.nearestFirst(every, options.neighbours + SPARE_NEIGHBOURS, signal);
    return { near, index: { kind: index.kind, ...recall } };
  } finally {
    await index.close();
  }
}

/** @throws RecallError if the index finds fewer neighbours of the same label than `recallBar` */
export function refuseLowRecall({ ownRecallAt10 }: Recall, { recallBar }: { recallBar: number }): void {
  if (ownRecallAt10 >= recallBar) return;
  throw new RecallError(
    `The neighbour index finds only ${(100 * ownRecallAt10).toFixed(1)} % of the true neighbours of the same identity; ` +
      `${100 * recallBar} % are needed to decide by them.`,
    ['Search exactly: --index exact. Or raise index.hnswSearchWidth or index.hnswLinks in a config file.'],
  );
}
