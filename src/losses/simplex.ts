import { z } from 'zod';
import * as tf from '#tfjs';
import { ConfigError } from '../core/errors.js';
import type { Loss, LossShape } from './loss.js';

const settings = z.strictObject({
  radius: z.number().positive().default(1), // u, in units of sqrt(D): the length a batch norm leaves from the start
  weight: z.number().positive().default(10), // against the mean over dimensions, which makes gradients small beside a softmax's
});

/**
 * Deep simplex classifier (Cevikalp & Saribas 2023, eq. 3): ||f - u*s_y||^2 / 2D to fixed centres s, the corners of a regular
 * simplex: all as far from each other as can be, so nothing need be pushed apart and there are no negatives.
 */
export const simplex: Loss<typeof settings> = {
  name: 'simplex',
  reference: 'Cevikalp & Saribas 2023 (Deep Simplex Classifier), eq. 1 to 3',
  cost: 'one distance per image; no head is trained',
  settings,
  noSubcenters: 'its centres are fixed, one per class; arcface and cosface have them',
  make: ({ radius, weight }) => ({
    check: checkRoom,
    fixedCentres: ({ classes, dimensions }) => simplexCorners(classes, dimensions),
    compute({ embedding, centres, target }) {
      const dimensions = embedding.shape[1];
      const goal = tf.matMul(target, centres).mul(radius * Math.sqrt(dimensions)); // (B, D)
      return {
        loss: embedding
          .sub(goal)
          .square()
          .mean()
          .mul<tf.Scalar>(weight / 2),
      };
    },
  }),
};

function checkRoom({ classes, dimensions }: LossShape): void {
  if (classes <= dimensions + 1) return;
  throw new ConfigError(
    `simplex: ${dimensions} dimensions have room for ${dimensions + 1} centres all equally far apart, and there are ${classes} identities.`,
    [
      `Set embeddingSize to ${classes - 1} or more (the way out of the journal version; embeddings and index grow with it).`,
      'Choose a loss whose centres are learnt: --loss cosface',
    ],
  );
}

/**
 * Corners of a regular simplex, (C, D) unit rows with cosine -1/(C-1) between any two, in the first C-1 dimensions.
 * With k = C-1: v_0 = 1/sqrt(k), v_i = -(1 + sqrt(k+1))/k^1.5 + sqrt((k+1)/k) e_i (eq. 1).
 */
export function simplexCorners(classes: number, dimensions: number): Float32Array {
  const k = classes - 1;
  const corners = new Float32Array(classes * dimensions);
  for (let corner = 0; corner < classes; corner++) {
    const row = corners.subarray(corner * dimensions, (corner + 1) * dimensions);
    row.fill(corner === 0 ? 1 / Math.sqrt(k) : -(1 + Math.sqrt(k + 1)) / k ** 1.5, 0, k);
    if (corner > 0) row[corner - 1] += Math.sqrt((k + 1) / k);
  }
  return corners;
}
