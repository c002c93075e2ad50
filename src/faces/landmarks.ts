import { openOnnxGraph } from '../engine/onnx-graph.js';
import type { RgbImage } from '../images/encode.js';
import { greyLevels } from '../images/quality.js';
import { resample } from '../images/resample.js';
import { type Box, type FivePoints, heightOf, type Point, widthOf } from './face.js';

/** What the landmark network sees: a square of grey levels. */
const SIDE = 64;

export interface LandmarkFinder {
  /** Eyes, nose and mouth of the face in `box`, in pixels of `image`. */
  find(image: RgbImage, box: Box): Promise<FivePoints>;
  dispose(): Promise<void>;
}

/** @throws PathError, FormatError */
export async function openLandmarkFinder(file: string, threads: number): Promise<LandmarkFinder> {
  const graph = await openOnnxGraph(file, threads);
  return {
    async find(image, box) {
      const square = squareRound(box, image);
      const grey = greyLevels(resample(image, square, SIDE, SIDE));
      for (let i = 0; i < grey.length; i++) grey[i] = Math.round(grey[i]) / 256;
      const outputs = await graph.run(grey, [1, 1, SIDE, SIDE]);
      return fivePointsOf(Object.values(outputs)[0], square);
    },
    dispose: () => graph.dispose(),
  };
}

/** The square as high as `box` round its middle, cut at the image's edges. */
function squareRound(box: Box, image: RgbImage): Box {
  const half = heightOf(box) / 2;
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return {
    left: Math.max(0, x - half),
    top: Math.max(0, y - half),
    right: Math.min(image.width, x + half),
    bottom: Math.min(image.height, y + half),
  };
}

/** Which of the 68 points (iBUG 300-W order) each of the five is the middle of: eyelids, nose tip, mouth corners. */
const MIDDLES = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]] as const;

/** @param landmarks (68, 2), shares of `square` */
function fivePointsOf(landmarks: Float32Array, square: Box): FivePoints {
  const points = MIDDLES.map((members): Point => {
    const mean = (axis: 0 | 1): number =>
      members.reduce((sum, member) => sum + landmarks[2 * member + axis], 0) / members.length;
    return { x: square.left + mean(0) * widthOf(square), y: square.top + mean(1) * heightOf(square) };
  });
  return points as unknown as FivePoints;
}
