import { degreesOf } from '../core/angles.js';
import type { FivePoints, Point } from './face.js';

/** How a head is turned, in degrees; 0 = towards the camera, upright. */
export interface Pose {
  /** Tilt of the line between the eyes, positive = clockwise. */
  roll: number;
  /** To the side, positive = towards the image's right; from five points, good to some ten degrees. */
  yaw: number;
}

/** The nose stands about this share of the distance between the eyes in front of their plane. */
const NOSE_DEPTH = 0.6;

export function poseOf([leftEye, rightEye, nose]: FivePoints): Pose {
  const across = { x: rightEye.x - leftEye.x, y: rightEye.y - leftEye.y };
  const apart = Math.hypot(across.x, across.y);
  const between: Point = { x: (leftEye.x + rightEye.x) / 2, y: (leftEye.y + rightEye.y) / 2 };
  const along = ((nose.x - between.x) * across.x + (nose.y - between.y) * across.y) / apart;
  return {
    roll: Math.round(degreesOf(Math.atan2(across.y, across.x))) + 0, // + 0: no negative zero
    yaw: Math.round(degreesOf(Math.atan(along / (NOSE_DEPTH * apart)))),
  };
}
