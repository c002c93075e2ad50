import { EngineError, FormatError } from '../core/errors.js';
import type { PixelRange } from '../core/face-models.js';
import { type OnnxGraph, openOnnxGraph } from '../engine/onnx-graph.js';
import type { RgbImage } from '../images/encode.js';
import { resizeLinear } from '../images/resize-linear.js';
import type { Detection, FivePoints } from './face.js';
import type { FaceDetector } from './face-detector.js';
import { suppressOverlaps } from './suppress-overlaps.js';

/** Sides of the squares in which a network without a fixed size looks: insightface's own. Small ones find large faces. */
const SIDES = [128, 640];
/** Score from which a box counts, as insightface has it. */
const SCORE = 0.5;
const POINTS = 5;

/** Outputs of a network: one a stride, first all scores, then all boxes, then all points. */
interface Layout {
  strides: readonly number[];
  /** Boxes a place. */
  anchors: number;
  points: boolean;
}

const three = { strides: [8, 16, 32], anchors: 2 } as const;
const five = { strides: [8, 16, 32, 64, 128], anchors: 1 } as const;

/** By number of outputs. */
const layouts: Record<number, Layout | undefined> = {
  6: { ...three, points: false },
  9: { ...three, points: true },
  10: { ...five, points: false },
  15: { ...five, points: true },
};

interface View {
  width: number;
  height: number;
}

/**
 * The detector of insightface's packs (Guo et al. 2021, SCRFD), used as insightface's class of that name does: same
 * sizes, thresholds and order. @throws PathError, FormatError when its outputs are not those of such a network
 */
export async function openScrfd(
  { file, mean, scale }: { file: string } & PixelRange,
  threads: number,
): Promise<FaceDetector> {
  const graph = await openOnnxGraph(file, threads);
  const views = viewsOf(graph);
  const lookInto = async (view: View, image: RgbImage): Promise<Detection[]> => {
    const { data, shrunk } = letterbox(image, view, { mean, scale });
    const outputs = Object.values(await graph.run(data, [1, 3, view.height, view.width]));
    return decode(file, outputs, view, shrunk);
  };
  await refuseUnlike(file, () => lookInto(views[0], { data: new Uint8Array(3), width: 1, height: 1 }), graph);
  return {
    alignment: 'insightface',
    async detect(image) {
      const found: Detection[] = [];
      for (const view of views) found.push(...(await lookInto(view, image)));
      return suppressOverlaps(found, 1);
    },
    dispose: () => graph.dispose(),
  };
}

function viewsOf({ inputShape }: OnnxGraph): View[] {
  const [, , height, width] = inputShape;
  if (typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0) return [{ width, height }];
  return SIDES.map((side) => ({ width: side, height: side }));
}

/** Tries the network once, so that what it cannot do is said before the first image. */
async function refuseUnlike(file: string, look: () => Promise<unknown>, graph: OnnxGraph): Promise<void> {
  try {
    await look();
  } catch (error) {
    await graph.dispose();
    if (error instanceof FormatError) throw error;
    throw new FormatError(`"${file}" cannot be used to find faces: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** The image as large as it fits, top left; the rest is black. (3, height, width) */
function letterbox(image: RgbImage, { width, height }: View, { mean, scale }: PixelRange) {
  const ratio = image.height / image.width;
  const tall = ratio > height / width;
  const columns = Math.max(1, tall ? Math.trunc(height / ratio) : width);
  const rows = Math.max(1, tall ? height : Math.trunc(width * ratio));
  const pixels = resizeLinear(image, columns, rows);
  const plane = width * height;
  const data = new Float32Array(3 * plane).fill((0 - mean) / scale);
  for (let y = 0, from = 0; y < rows; y++)
    for (let x = 0, to = y * width; x < columns; x++, to++)
      for (let channel = 0; channel < 3; channel++) data[channel * plane + to] = (pixels[from++] - mean) / scale;
  return { data, shrunk: rows / image.height };
}

/** @param shrunk pixels of the view a pixel of the image @throws FormatError, EngineError */
function decode(file: string, outputs: readonly Float32Array[], view: View, shrunk: number): Detection[] {
  const layout = layouts[outputs.length];
  if (!layout) throw new FormatError(`"${file}" is not a face detector: it has ${outputs.length} outputs.`);
  const { strides, anchors, points } = layout;
  const found: Detection[] = [];
  strides.forEach((stride, level) => {
    const [columns, rows] = [Math.trunc(view.width / stride), Math.trunc(view.height / stride)];
    const count = columns * rows * anchors;
    const [scores, boxes, fives] = [0, 1, 2].map((group) => outputs[group * strides.length + level]);
    if (scores.length !== count || boxes.length !== 4 * count || (points && fives.length !== 2 * POINTS * count))
      throw new FormatError(
        `"${file}" is not a face detector: it returns ${scores.length} scores where ${count} belong.`,
      );
    for (let i = 0; i < count; i++) {
      if (!(scores[i] >= SCORE)) continue;
      const place = Math.trunc(i / anchors);
      const at = (distance: number, cell: number): number => (cell * stride + distance * stride) / shrunk;
      const [x, y] = [place % columns, Math.trunc(place / columns)];
      found.push({
        left: at(-boxes[4 * i], x),
        top: at(-boxes[4 * i + 1], y),
        right: at(boxes[4 * i + 2], x),
        bottom: at(boxes[4 * i + 3], y),
        score: scores[i],
        ...(points && {
          points: pointsOf(fives.subarray(10 * i, 10 * i + 10), (dx, dy) => ({ x: at(dx, x), y: at(dy, y) })),
        }),
      });
    }
  });
  if (!found.every(isFinite)) throw new EngineError(`"${file}" computes boxes that are not numbers for this image.`);
  return found;
}

function pointsOf(offsets: Float32Array, at: (dx: number, dy: number) => FivePoints[0]): FivePoints {
  const point = (i: number) => at(offsets[2 * i], offsets[2 * i + 1]);
  return [point(0), point(1), point(2), point(3), point(4)];
}

const isFinite = ({ left, top, right, bottom, points = [] as unknown as FivePoints }: Detection): boolean =>
  [left, top, right, bottom, ...points.flatMap(({ x, y }) => [x, y])].every(Number.isFinite);
