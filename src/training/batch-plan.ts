import { randomOf } from '../core/random.js';
import { type Augmentation, augmentInto } from './augment.js';
import { cropBytes } from '../core/crop-geometry.js';
import { CropReader } from '../images/crop-file.js';
import { type DrawPlan, epochOrder } from './epoch-order.js';

/** What all batches of a training run are made from. A batch is a pure function of the plan, its epoch and its step. */
export interface BatchPlan extends DrawPlan {
  cropFile: string;
  size: number;
  augmentation: Augmentation;
  /** Crop slots of the training images, in the order of their labels. */
  slots: Int32Array;
}

export interface Batch {
  epoch: number;
  step: number;
  /** What the network is fed: crops (B, S, S, 3), or features (B, F) of a frozen model. */
  data: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  labels: Int32Array; // (B)
  /** Positions in the plan's `slots`, (B). */
  positions: Int32Array;
}

/** Makes batches one after the other; the order of the epoch at hand is kept. */
export class BatchMaker {
  private readonly crops: CropReader;
  private readonly crop: Uint8Array;
  private epoch = -1;
  private order: Int32Array = new Int32Array(0);

  constructor(private readonly plan: BatchPlan) {
    this.crops = new CropReader(plan.cropFile, plan.size);
    this.crop = new Uint8Array(cropBytes(plan.size));
  }

  /** The last batch of an epoch is filled up from the epoch's start. */
  make(epoch: number, step: number): Batch {
    const { size, batchSize, seed, slots, labels, augmentation } = this.plan;
    if (epoch !== this.epoch) {
      this.order = epochOrder(this.plan, epoch);
      this.epoch = epoch;
    }
    const random = randomOf(seed, 'augment', epoch, step);
    const images = new Uint8Array(batchSize * cropBytes(size));
    const positions = new Int32Array(batchSize);
    for (let i = 0; i < batchSize; i++) {
      positions[i] = this.order[(step * batchSize + i) % this.order.length];
      this.crops.readInto(slots[positions[i]], this.crop);
      augmentInto(this.crop, size, images, i * cropBytes(size), augmentation, random);
    }
    return { epoch, step, data: images, labels: positions.map((position) => labels[position]), positions };
  }

  close(): void {
    this.crops.close();
  }
}
