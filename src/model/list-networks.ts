import { basename } from 'node:path';
import { PUBLISHED_SIZE } from '../core/config.js';
import { sizeOf } from '../engine/program.js';
import { backbones } from './backbones.js';
import { pretrainedModels } from './frozen/catalogue.js';
import { foundPacks } from './frozen/insightface/find-pack.js';
import { folderOf, isPulled } from './frozen/pull-model.js';

/** What can be trained, with its size at 112 pixels and 512 dimensions, what can be pulled, and what insightface left. */
export function listNetworks() {
  return {
    networks: backbones.map(({ name, summary, reference, build }) => {
      const { parameters, multiplies } = build({ size: PUBLISHED_SIZE, embeddingSize: 512 });
      const trainable = Object.values(parameters).filter((spec) => spec.trainable);
      const count = trainable.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      return { name, parameters: count, multiplies, summary, reference };
    }),
    pretrained: pretrainedModels.map((model) => ({
      name: model.name,
      summary: model.summary,
      licence: model.licence,
      folder: isPulled(model) ? folderOf(model) : null,
    })),
    packs: listPacks(),
  };
}

/** The packs in insightface's own folders, and what is there but is none. */
export const listPacks = () =>
  foundPacks().map(({ name, folder, pack, problem }) => ({
    name,
    folder,
    embedder: pack && basename(pack.embedder.file),
    detector: pack?.detector ? basename(pack.detector.file) : null,
    licence: pack && pack.licence,
    problem,
  }));
