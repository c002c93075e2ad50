import { randomOf } from '../core/random.js';
import type { Arrays } from '../engine/program.js';

/** Name of the head, W (C*K, D), among the weights, and of its momentum. */
export const HEAD = 'head';
const VELOCITY = `velocity:${HEAD}`;

/** One step's share of the head. */
export interface HeadSample {
  classes: Int32Array; // (S), ascending
  /** Place of each image's class among `classes`, (B). */
  labels: Int32Array;
  /** Rows and velocities of those classes, (S*K, D). */
  inputs: Arrays;
}

/**
 * Partial FC (An et al. 2022, algorithm 1): the batch's own classes and as many random others as fill the sample take
 * part in a step, each with all its K rows; the other rows stay as they are, momentum and all. The whole head lies in
 * plain memory, C*K*D floats for W and as many for the velocities; the engine sees the sample only.
 */
export class SampledHead {
  constructor(
    private readonly rows: Float32Array,
    private readonly velocities: Float32Array,
    private readonly shape: { classes: number; sampled: number; rowLength: number; seed: number },
  ) {}

  /** The sample of a step; the same step always draws the same. */
  sample(labels: Int32Array, epoch: number, step: number): HeadSample {
    const { classes: all, sampled, seed } = this.shape;
    const random = randomOf(seed, 'classes', epoch, step);
    const chosen = new Set<number>(labels);
    while (chosen.size < sampled) chosen.add(random.integer(all));
    const classes = Int32Array.from(chosen).sort();
    const placeOf = new Map(Array.from(classes, (label, place) => [label, place]));
    return {
      classes,
      labels: labels.map((label) => placeOf.get(label)!),
      inputs: { [HEAD]: this.gather(this.rows, classes), [VELOCITY]: this.gather(this.velocities, classes) },
    };
  }

  /** Takes the step's new rows and velocities, as the training program returned them. */
  write({ classes }: HeadSample, outputs: Arrays): void {
    this.scatter(this.rows, classes, outputs[`next ${HEAD}`] as Float32Array);
    this.scatter(this.velocities, classes, outputs[`next ${VELOCITY}`] as Float32Array);
  }

  state(): Arrays {
    return { [HEAD]: this.rows, [VELOCITY]: this.velocities };
  }

  private gather(source: Float32Array, classes: Int32Array): Float32Array {
    const { rowLength } = this.shape;
    const rows = new Float32Array(classes.length * rowLength);
    classes.forEach((label, place) => {
      rows.set(source.subarray(label * rowLength, (label + 1) * rowLength), place * rowLength);
    });
    return rows;
  }

  private scatter(target: Float32Array, classes: Int32Array, rows: Float32Array): void {
    const { rowLength } = this.shape;
    classes.forEach((label, place) => {
      target.set(rows.subarray(place * rowLength, (place + 1) * rowLength), label * rowLength);
    });
  }
}

/** Classes a step sees: all of them at a rate of 1, else the rate's share, but never fewer than a batch may hold. */
export const sampledClasses = (classes: number, rate: number, batchSize: number): number =>
  rate === 1 ? classes : Math.min(classes, Math.max(batchSize, Math.ceil(classes * rate)));
