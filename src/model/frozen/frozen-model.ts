import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, packName, pretrainedName } from '../../core/config.js';
import { ConfigError, FormatError, MissingStageError, PathError } from '../../core/errors.js';
import { fingerprint, sha256 } from '../../core/fingerprint.js';
import { suggestName } from '../../core/nearest-name.js';
import { readRegular } from '../../core/regular-file.js';
import { computedForm } from '../../engine/onnx/computed-form.js';
import { readForeign } from '../../engine/onnx/foreign-file.js';
import { pretrainedModels, type PretrainedModel } from './catalogue.js';
import { packNamed } from './insightface/find-pack.js';
import { folderOf, isPulled } from './pull-model.js';
import { type Preprocessing, preprocessingSchema, usualPreprocessing } from './preprocessing.js';

/** A model from elsewhere, used as it is. */
export interface FrozenModel {
  file: string;
  /**
   * Of the form in which it is computed, with the weights it keeps in other files: runs are named by content, not by where
   * it lies, and what changes a bit of the embeddings changes the name.
   */
  sha256: string;
  preprocessing: Preprocessing;
}

/** Names the features of a dataset under `model`: the same crops and the same model give the same. */
export const featuresName = (model: FrozenModel, dataset: string): string =>
  fingerprint({ sha256: model.sha256, preprocessing: model.preprocessing, dataset });

/** @throws ConfigError with the nearest known name */
export function pretrainedNamed(name: string): PretrainedModel {
  const found = pretrainedModels.find((model) => model.name === name);
  if (found) return found;
  const names = pretrainedModels.map((model) => model.name);
  throw new ConfigError(
    `There is no pretrained model "${name}"; there is ${names.join(', ')}.`,
    suggestName(name, names),
  );
}

/**
 * The model that `config.backbone` means, with its preprocessing: settings before the JSON beside the file (the same
 * name with .json), that before ArcFace's usual one.
 * @throws ConfigError, MissingStageError when it was not pulled yet, PathError, FormatError
 */
export function frozenModel({ model: { backbone, pixelChannels, pixelMean, pixelScale } }: Config): FrozenModel {
  const { file, usual } = fileOf(backbone);
  const given = { channels: pixelChannels, mean: pixelMean, scale: pixelScale };
  const preprocessing = {
    ...usual,
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Preprocessing>),
  };
  return { file, sha256: nameOfForm(file), preprocessing };
}

/** By the hash of a file's bytes, the hash of the form they are computed in: it takes a moment, and is asked for each run. */
const namedForms = new Map<string, string>();

function nameOfForm(file: string): string {
  const bytes = readForeign(file);
  const given = sha256(bytes);
  const name = namedForms.get(given) ?? sha256(computedForm(file, bytes).split);
  namedForms.set(given, name);
  return name;
}

interface ModelFile {
  file: string;
  usual: Preprocessing;
}

function fileOf(backbone: string): ModelFile {
  const [name, pack] = [pretrainedName(backbone), packName(backbone)];
  if (name !== undefined) return pulledFile(name);
  return pack === undefined ? localFile(backbone) : packFile(pack);
}

function packFile(name: string): ModelFile {
  const { file, mean, scale } = packNamed(name).embedder;
  return { file, usual: { channels: 'rgb', mean, scale } };
}

function pulledFile(name: string): ModelFile {
  const model = pretrainedNamed(name);
  if (!isPulled(model))
    throw new MissingStageError(`The pretrained model "${name}" is not on this machine yet.`, [
      `facesieve model pull ${name}`,
    ]);
  return { file: join(folderOf(model), model.embedder), usual: model.preprocessing };
}

function localFile(path: string): ModelFile {
  const file = resolve(path);
  if (!existsSync(file)) throw new PathError(`The model "${path}" does not exist.`, ['facesieve model list']);
  const beside = file.replace(/\.onnx$/, '.json');
  return { file, usual: existsSync(beside) ? readPreprocessing(beside) : usualPreprocessing };
}

function readPreprocessing(file: string): Preprocessing {
  const text = readRegular(file).toString();
  try {
    return preprocessingSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new FormatError(
      `"${file}" does not say how the model beside it wants its images: ${(error as Error).message}`,
      ['It holds for example {"channels": "rgb", "mean": 127.5, "scale": 127.5}'],
    );
  }
}
