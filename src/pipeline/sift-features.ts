import type { Config } from '../core/config.js';
import { EmptyInputError, FormatError, PathError } from '../core/errors.js';
import { fingerprint, sha256 } from '../core/fingerprint.js';
import { realPlace } from '../core/real-place.js';
import { countDecisions, type DecisionName } from '../core/records.js';
import { decisionList, type DecisionListFormat } from '../formats/embeddings/decision-list.js';
import type { StoredFeatures } from '../formats/embeddings/embedding-format.js';
import { readLabels, type StoredLabels } from '../formats/embeddings/label-file.js';
import { readFeatures } from '../formats/embeddings/read-features.js';
import { detectNoise } from '../noise/detect-noise.js';
import type { StageContext } from '../workspace/stage.js';
import { siftFigures } from './sift-figures.js';

/** Files that hold features and the identity of each. */
export interface FeatureFiles {
  embeddings: string;
  labels: string;
  /** Tensor or column of the features' file. */
  column?: string;
  identityColumn?: string;
  pathColumn?: string;
}

/** As the result of `sift`, but for what only a workspace has. */
export interface SiftedFeatures extends ReturnType<typeof siftFigures> {
  run: string;
  images: number;
  identities: number;
  dimensions: number;
  decisions: Record<DecisionName, number>;
}

/**
 * Detects label noise in features that were made elsewhere, without a workspace. Returns the figures of `sift`, and the
 * decisions as a file in `format`.
 *
 * @throws FormatError if a file cannot be read as what its ending says, or the counts differ
 * @throws EmptyInputError if there are fewer than two identities
 * @throws PathError if `out` is one of the files
 * @throws FeatureError if a row of the features is all zeros
 * @throws RecallError, InterruptedError as detectNoise does
 */
export async function siftFeatures(
  files: FeatureFiles,
  config: Config,
  format: DecisionListFormat,
  out: string | null,
  { progress, signal }: Pick<StageContext, 'signal' | 'progress'>,
): Promise<{ found: SiftedFeatures; list: string }> {
  const say = (step: string) => progress.update('sift', `the images: ${step}`);
  refuseOverwriting(files, out);
  say('read');
  const features = await readFeatures(files.embeddings, files.column);
  const stored = await readLabels(files.labels, files.identityColumn, files.pathColumn);
  requireUsable(files, features, stored);
  const { index, seed } = config;
  const options = { ...config.sift, index, seed, rule: 'calibrated' as const }; // the only rule without sub-centres
  const { data, dimensions } = features;
  const content = sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const run = fingerprint({ features: content, labels: stored, options });
  const noise = await detectNoise(
    { features, labels: stored.labels, paths: stored.paths },
    { ...options, overwriteFeatures: true, signal, onStep: say },
  );
  const found = {
    ...{ run, images: stored.labels.length, identities: noise.identities.length, dimensions },
    decisions: countDecisions(noise.decisions.map(({ decision }) => decision)),
    ...siftFigures(noise),
  };
  return { found, list: decisionList(noise.decisions, stored.labels, format) };
}

/** @throws PathError if the decisions would be written over what they are read from */
function refuseOverwriting({ embeddings, labels }: FeatureFiles, out: string | null): void {
  if (out === null) return;
  const target = realPlace(out).path;
  const read = [embeddings, labels].find((file) => realPlace(file).path === target);
  if (read !== undefined)
    throw new PathError(`--out "${out}" is "${read}", which the decisions are made from.`, ['Name another file.']);
}

function requireUsable(files: FeatureFiles, { rows }: StoredFeatures, { labels }: StoredLabels): void {
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
