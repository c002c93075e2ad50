import type { FaceModels } from '../core/face-models.js';
import { openDetector } from './detector.js';
import type { FaceDetector } from './face-detector.js';
import { openScrfd } from './scrfd.js';
import { searchScales } from './search-scales.js';

/** Opens the detector of the kind that `model` is. @throws PathError, FormatError */
export function openFaceDetector(model: FaceModels['detector'], threads: number): Promise<FaceDetector> {
  return model.kind === 'scrfd' ? openScrfd(model, threads) : openUltraLight(model.file, threads);
}

async function openUltraLight(file: string, threads: number): Promise<FaceDetector> {
  const detector = await openDetector(file, threads);
  return {
    alignment: 'smooth',
    detect: (image) => searchScales(detector, image),
    dispose: () => detector.dispose(),
  };
}
