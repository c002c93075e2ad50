import { angleDegreesOf, cosineOfDegrees } from '../core/angles.js';

/** Angle of insightface's drop.py, degrees (Deng et al. 2020, table 3: 70-80 is flat, 75 best). */
export const INSIGHTFACE_ANGLE = 75;

/**
 * Step 4 of drop.py: an image is kept iff its cosine to the DOMINANT sub-centre is > cos(angle), whichever sub-centre
 * it voted for. True = drop. @param angle degrees
 */
export const isBeyondAngle = (cosDominant: number, angle: number): boolean =>
  !(cosDominant > cosineOfDegrees(angle)) || angleDegreesOf(cosDominant) >= angle;
