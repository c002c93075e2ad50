import { join } from 'node:path';
import { MissingStageError } from '../../core/errors.js';
import { pretrainedModels } from './catalogue.js';
import { folderOf, isPulled } from './pull-model.js';

/** Files of the two networks that find and align faces. @throws MissingStageError when they were not pulled yet */
export function faceModels(): { detector: string; landmarks: string } {
  const model = pretrainedModels.find(({ detector, landmarks }) => detector && landmarks)!;
  if (!isPulled(model))
    throw new MissingStageError('The networks that find and align faces are not on this machine yet.', [
      `facesieve model pull ${model.name}`,
      'or --align center for images with the face in the middle, --align none for crops that are aligned already',
    ]);
  return { detector: join(folderOf(model), model.detector!), landmarks: join(folderOf(model), model.landmarks!) };
}
