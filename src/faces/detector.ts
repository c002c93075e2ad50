import { openOnnxGraph } from '../engine/onnx-graph.js';
import type { RgbImage } from '../images/encode.js';
import { planeMaker } from '../images/image-planes.js';
import { resample } from '../images/resample.js';
import { type Box, type Detection, heightOf, widthOf } from './face.js';
import { suppressOverlaps } from './suppress-overlaps.js';

/** What the detector sees at once. */
const WIDTH = 320;
const HEIGHT = 240;
/** Score from which a box counts: what its authors ship it with. */
const SCORE = 0.65;
/**
 * Score from which a box is a candidate beside a face that counts: a covered or turned face may have no more. Chosen by looking
 * at photographs of LFW with sunglasses drawn in: of 90 the detector missed one, which has .61.
 */
const FAINT_SCORE = 0.4;

/** Finds faces of about 10 to 240 pixels in what it sees: 320 x 240 (Linzaer, Ultra-Light-Fast-Generic-Face-Detector). */
export interface Detector {
  /** Faces in `region` of `image`, in pixels of `image`, and faint candidates. */
  detect(image: RgbImage, region: Box): Promise<Detection[]>;
  dispose(): Promise<void>;
}

/** @throws PathError, FormatError */
export async function openDetector(file: string, threads: number): Promise<Detector> {
  const graph = await openOnnxGraph(file, threads);
  const planesOf = planeMaker({ rows: HEIGHT, columns: WIDTH, mean: 127, scale: 128 });
  return {
    async detect(image, region) {
      const { scores, boxes } = await graph.run(planesOf(seenOf(image, region)), [1, 3, HEIGHT, WIDTH]);
      return suppressOverlaps(decode(scores, boxes, region));
    },
    dispose: () => graph.dispose(),
  };
}

/** All of a small image as it is; of a larger one, or a part, what the detector can see of it. */
function seenOf(image: RgbImage, region: Box): RgbImage {
  const whole = widthOf(region) === image.width && heightOf(region) === image.height;
  if (whole && image.width <= 2 * WIDTH && image.height <= 2 * HEIGHT) return image;
  return { data: resample(image, region, WIDTH, HEIGHT), width: WIDTH, height: HEIGHT };
}

/** @param scores (4420, 2), background and face @param boxes (4420, 4), corners as shares of the region */
function decode(scores: Float32Array, boxes: Float32Array, region: Box): Detection[] {
  const found: Detection[] = [];
  for (let i = 0; i < scores.length / 2; i++) {
    const score = scores[2 * i + 1];
    if (score < FAINT_SCORE) continue;
    const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4);
    found.push({
      left: region.left + left * widthOf(region),
      top: region.top + top * heightOf(region),
      right: region.left + right * widthOf(region),
      bottom: region.top + bottom * heightOf(region),
      score,
      ...(score < SCORE && { faint: true }),
    });
  }
  return found;
}
