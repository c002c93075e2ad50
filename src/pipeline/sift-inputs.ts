import type { EffectiveNames } from '../identities/names/effective-names.js';
import { FormatError, MissingStageError } from '../core/errors.js';
import { inSpace, type MatrixIn } from '../core/spaces.js';
import { type Matrix, scaleToUnit } from '../core/vectors.js';
import { type Checkpoint, readCheckpoint } from '../model/checkpoint.js';
import type { LargeDataset } from '../core/face-set.js';
import { readLargeDataset } from '../workspace/dataset.js';
import { effectiveNames } from '../workspace/effective-names.js';
import { embeddingsOf } from '../workspace/embedding-file.js';
import { checkpointFileOf, chooseRun, type Run } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';
import { MARGIN_STATE, TrainingMargins } from '../subcenter/training-margins.js';

/** What earlier stages left for sift: names and labels. */
export interface SiftInputs {
  run: Run;
  dataset: SiftDataset;
}

/** The set with the names that people gave: `images`, `identities` and `labels` are by what each name became. */
export interface SiftDataset extends LargeDataset {
  names: EffectiveNames;
  /** What training knew: names as found, and the label of each image among them. */
  classNames: string[];
  classes: Int32Array;
}

/** What earlier stages left for sift: matrices, checked against the names and labels. */
export interface SiftVectors {
  /** Of every crop, (slots, D): several per image with several faces, and the reference set's. */
  trained: MatrixIn<'trained'>;
  /** Features of the frozen backbone, (slots, F); absent where the backbone itself was trained. */
  backbone?: MatrixIn<'frozen'>;
  /** Lengths of the features that are sifted, before they were brought to unit length, (slots). */
  norms: Float32Array;
  centres: MatrixIn<'trained'>; // (C*K, D) unit rows
  /** Of training on the crawl; null of a later round, which has not seen the images that were left out. */
  margins: Float32Array | null;
  /** Class that training saw each image under, (N); another than its own where a wrong label was planted; null likewise. */
  trainedAs: Int32Array | null;
}

/** @throws MissingStageError */
export function readSiftInputs(workspace: Workspace): SiftInputs {
  const dataset = readLargeDataset(workspace);
  const names = effectiveNames(workspace, dataset.images);
  const run = chooseRun(workspace, undefined, 'train');
  return { run, dataset: withNames(dataset, names) };
}

/** The order of the images stays: embeddings and training margins are in it. */
function withNames(found: LargeDataset, names: EffectiveNames): SiftDataset {
  const dataset = { ...found, names, classNames: found.identities, classes: found.labels };
  if (names.state === undefined) return dataset;
  const images = dataset.images.renamed((path) => names.nameOf(path));
  return { ...dataset, images, ...images.labelled() };
}

/**
 * @throws MissingStageError if the embeddings or the checkpoint are of other images than those ingested now
 * @throws FormatError if a checkpoint holds no head
 */
export function readSiftVectors(workspace: Workspace, { run, dataset }: SiftInputs): SiftVectors {
  const crops = embeddingsOf(workspace, run.id);
  if (crops.vectors.rows !== dataset.crops)
    throw new MissingStageError('The embeddings are of other images than those ingested now.', [
      'facesieve train',
      'facesieve embed',
    ]);
  const checkpoint = readCheckpoint(checkpointFileOf(workspace, run.id), ['head', ...MARGIN_STATE]);
  if (checkpoint.identities.join('\n') !== dataset.classNames.join('\n'))
    throw new MissingStageError(`Run ${run.id} was trained on other identities than those ingested now.`, [
      'facesieve train',
    ]);
  const training = run.parent ? null : new TrainingMargins(dataset.classes, checkpoint.state);
  return {
    trained: inSpace('trained', crops.vectors),
    ...(crops.untouched && { backbone: inSpace('frozen', crops.untouched) }),
    norms: crops.untouchedNorms ?? crops.norms,
    centres: inSpace('trained', centresOf(checkpoint, crops.vectors)),
    margins: training && training.means(),
    trainedAs: training && training.classes(),
  };
}

/** A frozen model may be narrower or wider than the config's `embeddingSize`: the embeddings say how wide the head is. */
function centresOf({ run, state }: Checkpoint, { dimensions }: Matrix): Matrix {
  const data = state.head as Float32Array | undefined;
  if (!data)
    throw new FormatError(`The checkpoint of ${run} holds no head: without sub-centres nothing can be sifted.`, [
      'facesieve train --force',
    ]);
  return scaleToUnit({ data, rows: data.length / dimensions, dimensions });
}
