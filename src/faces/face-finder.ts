import { EngineError } from '../core/errors.js';
import type { FaceModels } from '../core/face-models.js';
import type { RgbImage } from '../images/encode.js';
import type { Alignment } from './align-face.js';
import type { Face } from './face.js';
import { openFaceDetector } from './face-detectors.js';
import { openLandmarkFinder } from './landmarks.js';
import { searchFramed } from './search-framed.js';

/** Most faces of an image that are kept as candidates: a photograph of a crowd says nothing about one of them. */
const MOST = 8;

/** Faces, the likeliest subject first (large, and near the middle), in pixels of `searched`. */
export interface FoundFaces {
  faces: Face[];
  /** The image itself, or the image with a frame of `margin` pixels, where its face fills it. */
  searched: RgbImage;
  margin: number;
}

export interface FaceFinder {
  /** How crops are to be cut for the networks that follow. */
  alignment: Alignment;
  find(image: RgbImage): Promise<FoundFaces>;
  dispose(): Promise<void>;
}

/** @param threads for each network @throws PathError, FormatError */
export async function openFaceFinder(models: FaceModels, threads: number): Promise<FaceFinder> {
  const detector = await openFaceDetector(models.detector, threads);
  const landmarks = models.landmarks === undefined ? undefined : await openLandmarkFinder(models.landmarks, threads);
  return {
    alignment: detector.alignment,
    async find(image) {
      const { boxes, searched, margin } = await searchFramed(detector, image);
      const faces: Face[] = [];
      for (const box of boxes.slice(0, MOST)) {
        const points = box.points ?? (await landmarks?.find(searched, box));
        if (!points) throw new EngineError(`"${models.detector.file}" finds no points, and no landmarks are there.`);
        faces.push({ box, points });
      }
      return { faces, searched, margin };
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
