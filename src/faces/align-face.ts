import type { RgbImage } from '../images/encode.js';
import { type Affine, warp } from '../images/warp.js';
import type { FivePoints, Point } from './face.js';

/** Where the five points lie in a crop of 112 x 112: the template that published face models are trained with. */
const TEMPLATE_SIDE = 112;
const template: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/**
 * `smooth` fits the template to the points and averages where the image is finer. `insightface` cuts what its norm_crop
 * does, with which its models were trained: it fits the points to the template, and skips what is finer.
 */
export type Alignment = 'smooth' | 'insightface';

/** The face with its five points at their usual places. @returns (size, size, 3) */
export function alignFace(
  image: RgbImage,
  points: FivePoints,
  size: number,
  alignment: Alignment = 'smooth',
): Uint8Array {
  const scale = size / TEMPLATE_SIDE;
  const places = template.map(({ x, y }) => ({ x: x * scale, y: y * scale }));
  return alignment === 'smooth'
    ? warp(image, similarity(places, points), size, 'averaged')
    : warp(image, inverse(similarity(points, places)), size, 'plain');
}

function inverse({ a, b, x0, c, d, y0 }: Affine): Affine {
  const area = a * d - b * c;
  return {
    a: d / area,
    b: -b / area,
    x0: (b * y0 - d * x0) / area,
    c: -c / area,
    d: a / area,
    y0: (c * x0 - a * y0) / area,
  };
}

/**
 * The rotation, scale and shift that takes `from` nearest to `to` (least squares; Umeyama 1991, eq. 40-42, in the
 * plane, where the singular value decomposition has a closed form and mirroring is left out).
 */
export function similarity(from: readonly Point[], to: readonly Point[]): Affine {
  const [centreFrom, centreTo] = [middle(from), middle(to)];
  let [cosine, sine, spread] = [0, 0, 0];
  from.forEach(({ x, y }, i) => {
    const [fx, fy] = [x - centreFrom.x, y - centreFrom.y];
    const [tx, ty] = [to[i].x - centreTo.x, to[i].y - centreTo.y];
    cosine += fx * tx + fy * ty;
    sine += fx * ty - fy * tx;
    spread += fx * fx + fy * fy;
  });
  const [a, c] = [cosine / spread, sine / spread];
  return {
    a,
    b: -c,
    x0: centreTo.x - a * centreFrom.x + c * centreFrom.y,
    c,
    d: a,
    y0: centreTo.y - c * centreFrom.x - a * centreFrom.y,
  };
}

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});
