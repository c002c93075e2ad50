import type { RgbImage } from '../images/encode.js';
import { openDetector } from './detector.js';
import { type Face, heightOf, widthOf } from './face.js';
import { openLandmarkFinder } from './landmarks.js';
import { searchScales } from './search-scales.js';

/** Files of the two networks that find faces. */
export interface FaceModels {
  detector: string;
  landmarks: string;
}

/** Most faces of an image that are kept as candidates: a photograph of a crowd says nothing about one of them. */
const MOST = 8;

export interface FaceFinder {
  /** Faces in `image`, the likeliest subject first: large, and near the middle. */
  find(image: RgbImage): Promise<Face[]>;
  dispose(): Promise<void>;
}

/** @param threads for each network @throws PathError, FormatError */
export async function openFaceFinder(models: FaceModels, threads: number): Promise<FaceFinder> {
  const detector = await openDetector(models.detector, threads);
  const landmarks = await openLandmarkFinder(models.landmarks, threads);
  return {
    async find(image) {
      const boxes = await searchScales(detector, image);
      const subjects = boxes.sort((a, b) => prominence(b, image) - prominence(a, image)).slice(0, MOST);
      const faces: Face[] = [];
      for (const box of subjects) faces.push({ box, points: await landmarks.find(image, box) });
      return faces;
    },
    dispose: async () => {
      await detector.dispose();
      await landmarks.dispose();
    },
  };
}

/** Area, less with the distance from the image's middle. */
function prominence(box: Face['box'], { width, height }: RgbImage): number {
  const x = (box.left + box.right) / 2 / width - 0.5;
  const y = (box.top + box.bottom) / 2 / height - 0.5;
  return widthOf(box) * heightOf(box) * (1 - Math.min(0.9, Math.hypot(x, y)));
}
