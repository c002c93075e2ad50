import { EmptyInputError } from '../../core/errors.js';
import { saysNoise } from '../../core/records.js';
import type { PurifiedList } from '../../workspace/purified-list.js';
import { readTruth } from '../../formats/truth.js';
import { detect, type Detection } from '../../metrics/detection.js';

/** The decisions against a truth.csv. @throws PathError, FormatError, EmptyInputError when it names none of the images */
export function scoreDetection({ images }: PurifiedList, truth: string): Detection {
  const byPath = new Map(images.map((image) => [image.path, image]));
  const judged = readTruth(truth).flatMap(({ path, noise }) => {
    const image = byPath.get(path);
    return image ? [{ noise, flagged: saysNoise(image.decision), pNoise: image.pNoise }] : [];
  });
  if (judged.length === 0)
    throw new EmptyInputError(`"${truth}" names no image of this workspace.`, [
      'Its paths must be relative to the ingested source.',
    ]);
  return detect(judged);
}
