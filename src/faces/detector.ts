import { openOnnxGraph } from '../engine/onnx-graph.js';
import type { RgbImage } from '../images/encode.js';
import { stretch, warp } from '../images/warp.js';
import { type Box, type Detection, heightOf, widthOf } from './face.js';
import { suppressOverlaps } from './suppress-overlaps.js';

/** What the detector sees at once. */
const WIDTH = 320;
const HEIGHT = 240;
/** Score from which a box counts, and overlap from which two are one: what its authors ship it with. */
const SCORE = 0.65;
const OVERLAP = 0.4;

/** Finds faces of about 10 to 240 pixels in what it sees: 320 x 240 (Linzaer, Ultra-Light-Fast-Generic-Face-Detector). */
export interface Detector {
  /** Faces in `region` of `image`, in pixels of `image`. */
  detect(image: RgbImage, region: Box): Promise<Detection[]>;
  dispose(): Promise<void>;
}

/** @throws PathError, FormatError */
export async function openDetector(file: string, threads: number): Promise<Detector> {
  const graph = await openOnnxGraph(file, threads);
  return {
    async detect(image, region) {
      const seen = warp(image, stretch(region, WIDTH, HEIGHT), WIDTH, HEIGHT);
      const { scores, boxes } = await graph.run(planesOf(seen), [1, 3, HEIGHT, WIDTH]);
      return suppressOverlaps(decode(scores, boxes, region), OVERLAP);
    },
    dispose: () => graph.dispose(),
  };
}

/** (HEIGHT, WIDTH, 3) bytes -> (3, HEIGHT, WIDTH), (pixel - 127) / 128. */
function planesOf(rgb: Uint8Array): Float32Array {
  const plane = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let i = 0, at = 0; i < plane; i++)
    for (let channel = 0; channel < 3; channel++) planes[channel * plane + i] = (rgb[at++] - 127) / 128;
  return planes;
}

/** @param scores (4420, 2), background and face @param boxes (4420, 4), corners as shares of the region */
function decode(scores: Float32Array, boxes: Float32Array, region: Box): Detection[] {
  const found: Detection[] = [];
  for (let i = 0; i < scores.length / 2; i++) {
    if (scores[2 * i + 1] < SCORE) continue;
    const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4);
    found.push({
      left: region.left + left * widthOf(region),
      top: region.top + top * heightOf(region),
      right: region.left + right * widthOf(region),
      bottom: region.top + bottom * heightOf(region),
      score: scores[2 * i + 1],
    });
  }
  return found;
}
