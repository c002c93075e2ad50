import { z } from 'zod';

/**
 * Settings of the losses that begin as the plain softmax and let the margin in: the target is (lambda*cos(theta) +
 * psi(theta)) / (1 + lambda), with lambda = max(least, start * (1 + growth*step)^-power).
 */
export const annealing = {
  annealFrom: z.number().min(0).default(1000), // SphereFace's released schedule, all four
  annealGrowth: z.number().min(0).default(0.12),
  annealPower: z.number().min(0).default(1),
  annealTo: z.number().min(0).default(5), // a sixth of the margin at last
};

interface Annealing {
  annealFrom: number;
  annealGrowth: number;
  annealPower: number;
  annealTo: number;
}

/** lambda of a step. */
export const lambdaAt = (step: number, { annealFrom, annealGrowth, annealPower, annealTo }: Annealing): number =>
  Math.max(annealTo, annealFrom * (1 + annealGrowth * step) ** -annealPower);
