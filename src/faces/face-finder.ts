import type { RgbImage } from '../images/encode.js';
import { openDetector } from './detector.js';
import type { Face } from './face.js';
import { openLandmarkFinder } from './landmarks.js';
import { searchFramed } from './search-framed.js';

/** Files of the two networks that find faces. */
export interface FaceModels {
  detector: string;
  landmarks: string;
}

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
  find(image: RgbImage): Promise<FoundFaces>;
  dispose(): Promise<void>;
}

/** @param threads for each network @throws PathError, FormatError */
export async function openFaceFinder(models: FaceModels, threads: number): Promise<FaceFinder> {
  const detector = await openDetector(models.detector, threads);
  const landmarks = await openLandmarkFinder(models.landmarks, threads);
  return {
    async find(image) {
      const { boxes, searched, margin } = await searchFramed(detector, image);
      const faces: Face[] = [];
      for (const box of boxes.slice(0, MOST)) faces.push({ box, points: await landmarks.find(searched, box) });
      return { faces, searched, margin };
    },
    dispose: async () => {
      await detector.dispose();
      await landmarks.dispose();
    },
  };
}
