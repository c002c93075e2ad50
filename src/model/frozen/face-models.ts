import { readRegular } from '../../core/regular-file.js';
import { join } from 'node:path';
import { packName } from '../../core/config.js';
import { MissingStageError } from '../../core/errors.js';
import type { FaceModels } from '../../core/face-models.js';
import { fingerprint, sha256 } from '../../core/fingerprint.js';
import { pretrainedModels } from './catalogue.js';
import { packNamed } from './insightface/find-pack.js';
import { folderOf, isPulled } from './pull-model.js';

/**
 * The networks that find and align faces for `backbone`: a pack's own detector, with the pulled model's landmarks where
 * it finds no points; else the pulled model's two. @throws MissingStageError when they were not pulled yet, PathError
 * and FormatError for a pack that is not there or is none
 */
export function faceModels(backbone: string): FaceModels {
  const name = packName(backbone);
  if (name === undefined) return pulledModels('The networks that find and align faces are not on this machine yet.');
  const { folder, detector } = packNamed(name);
  if (!detector)
    return pulledModels(`The pack "${folder}" has no network that finds faces, and no other one is on this machine.`);
  const { file, mean, scale, points } = detector;
  const scrfd = { kind: 'scrfd', file, mean, scale } as const;
  if (points) return { detector: scrfd };
  const { landmarks } = pulledModels(
    `The detector of the pack "${folder}" finds boxes only, and no network that finds the points in them is on this machine.`,
  );
  return { detector: scrfd, landmarks };
}

function pulledModels(otherwise: string): FaceModels {
  const model = pretrainedModels.find(({ detector, landmarks }) => detector && landmarks)!;
  if (!isPulled(model))
    throw new MissingStageError(otherwise, [
      `facesieve model pull ${model.name}`,
      'or --align center for images with the face in the middle, --align none for crops that are aligned already',
    ]);
  return {
    detector: { kind: 'ultra-light', file: join(folderOf(model), model.detector!) },
    landmarks: join(folderOf(model), model.landmarks!),
  };
}

/** Names the networks by what is in their files: others find other faces. */
export function nameOfFaceModels({ detector, landmarks }: FaceModels): string {
  const content = (file: string): string => sha256(readRegular(file));
  return fingerprint({
    detector: { ...detector, file: content(detector.file) },
    landmarks: landmarks === undefined ? null : content(landmarks),
  });
}
