import { EngineError } from '../core/errors.js';
import type { FaceModels } from '../core/face-models.js';
import type { RgbImage } from '../images/encode.js';
import type { Alignment } from './align-face.js';
import { type Face, heightOf, widthOf } from './face.js';
import { openFaceDetector } from './face-detectors.js';
import { openLandmarkFinder } from './landmarks.js';

/** Most faces of an image that are kept as candidates: a photograph of a crowd says nothing about one of them. */
const MOST = 8;

export interface FaceFinder {
  /** How crops are to be cut for the networks that follow. */
  alignment: Alignment;
  /** Faces in `image`, the likeliest subject first: large, and near the middle. */
  find(image: RgbImage): Promise<Face[]>;
  dispose(): Promise<void>;
}

/** @param threads for each network @throws PathError, FormatError */
export async function openFaceFinder(models: FaceModels, threads: number): Promise<FaceFinder> {
  const detector = await openFaceDetector(models.detector, threads);
  const landmarks = models.landmarks === undefined ? undefined : await openLandmarkFinder(models.landmarks, threads);
  return {
    alignment: detector.alignment,
    async find(image) {
      const boxes = await detector.detect(image);
      const subjects = boxes.sort((a, b) => prominence(b, image) - prominence(a, image)).slice(0, MOST);
      const faces: Face[] = [];
      for (const box of subjects) {
        const points = box.points ?? (await landmarks?.find(image, box));
        if (!points) throw new EngineError(`"${models.detector.file}" finds no points, and no landmarks are there.`);
        faces.push({ box, points });
      }
      return faces;
    },
    dispose: async () => {
      await detector.dispose();
      await landmarks?.dispose();
    },
  };
}

/** Tries the networks once, so that what is wrong with one is said before the first image. @throws PathError, FormatError */
export async function tryFaceFinder(models: FaceModels): Promise<void> {
  const finder = await openFaceFinder(models, 1);
  await finder.dispose();
}

/** Area, less with the distance from the image's middle. */
function prominence(box: Face['box'], { width, height }: RgbImage): number {
  const x = (box.left + box.right) / 2 / width - 0.5;
  const y = (box.top + box.bottom) / 2 / height - 0.5;
  return widthOf(box) * heightOf(box) * (1 - Math.min(0.9, Math.hypot(x, y)));
}
