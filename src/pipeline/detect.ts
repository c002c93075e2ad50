import { EmptyInputError, FormatError } from '../core/errors.js';
import type { StoredFeatures } from '../formats/embeddings/embedding-format.js';
import { readLabels, type StoredLabels } from '../formats/embeddings/label-file.js';
import { readFeatures } from '../formats/embeddings/read-features.js';
import { detectNoise, type NoiseResult } from '../noise/detect-noise.js';
import type { GivenNoiseOptions } from '../noise/noise-options.js';

/** Files that hold features and the identity of each. */
export interface DetectFiles {
  embeddings: string;
  labels: string;
  /** Tensor or column of the features' file. */
  column?: string;
  identityColumn?: string;
  pathColumn?: string;
}

export interface DetectedFiles {
  noise: NoiseResult;
  /** (N), the identity that each image is labelled as. */
  labels: readonly string[];
  dimensions: number;
}

/**
 * Detects label noise in features that were made elsewhere, without a workspace.
 *
 * @throws FormatError if a file cannot be read as what its ending says, or the counts differ
 * @throws EmptyInputError if there are fewer than two identities
 * @throws FeatureError if a row of the features is all zeros
 * @throws RecallError, InterruptedError as detectNoise does
 */
export async function detectInFiles(files: DetectFiles, options: GivenNoiseOptions): Promise<DetectedFiles> {
  options.onStep?.('read');
  const features = await readFeatures(files.embeddings, files.column);
  const stored = await readLabels(files.labels, files.identityColumn, files.pathColumn);
  requireUsable(files, features, stored);
  const noise = await detectNoise(
    { features, labels: stored.labels, paths: stored.paths },
    { ...options, overwriteFeatures: true },
  );
  return { noise, labels: stored.labels, dimensions: features.dimensions };
}

function requireUsable(files: DetectFiles, { rows }: StoredFeatures, { labels }: StoredLabels): void {
  if (labels.length !== rows)
    throw new FormatError(
      `"${files.embeddings}" has ${rows} rows, and "${files.labels}" has ${labels.length} labels.`,
      ['Give one label per row, in the same order; a text file has no header line.'],
    );
  if (new Set(labels).size < 2)
    throw new EmptyInputError(`All ${rows} images are labelled "${labels[0]}".`, [
      'Noise is found by comparing identities: give features of two and more.',
    ]);
}
