import { angleDegreesOf, cosineOfDegrees } from '../core/angles.js';

/**
 * Step 4 of drop.py: an image is kept iff its cosine to the DOMINANT sub-centre is > cos(angle), whichever sub-centre
 * it voted for. True = drop. @param angle degrees
 */
export const isBeyondAngle = (cosDominant: number, angle: number): boolean =>
  !(cosDominant > cosineOfDegrees(angle)) || angleDegreesOf(cosDominant) >= angle;
