import type { RgbImage } from '../images/encode.js';
import type { Alignment } from './align-face.js';
import type { Detection } from './face.js';

/** Finds the faces of an image. */
export interface FaceDetector {
  /** How crops are to be cut for the networks that it comes with. */
  alignment: Alignment;
  /** Faces in pixels of `image`, the best score first, with their five points if it finds them. */
  detect(image: RgbImage): Promise<Detection[]>;
  dispose(): Promise<void>;
}
