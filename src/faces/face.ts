import type { Region } from '../images/resample.js';

export interface Point {
  x: number;
  y: number;
}

/** In pixels of the upright image. */
export type Box = Region;

/** A box that a detector calls a face. */
export interface Detection extends Box {
  score: number; // [0, 1], 1 = certainly a face
  /** Below the score from which its detector calls a box a face: a candidate where another face is found. */
  faint?: true;
  /** Of a detector that finds them too. */
  points?: FivePoints;
}

/** Eyes, tip of the nose, corners of the mouth; left as seen in the image. */
export type FivePoints = readonly [leftEye: Point, rightEye: Point, nose: Point, leftMouth: Point, rightMouth: Point];

/** A face found in an image. */
export interface Face {
  box: Detection;
  points: FivePoints;
}

export const widthOf = ({ left, right }: Box): number => right - left;
export const heightOf = ({ top, bottom }: Box): number => bottom - top;
