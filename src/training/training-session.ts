import { angleDegreesOf } from '../core/angles.js';
import type { Config } from '../core/config.js';
import { type Progress } from '../core/progress.js';
import { DivergedError, InterruptedError } from '../core/errors.js';
import { engineOf } from '../engine/engines.js';
import type { Arrays, Executable, TensorSpec } from '../engine/program.js';
import type { Batch } from './batch-plan.js';
import { type Position, prefetchBatches } from './batches.js';
import { type DrawPlan, stepsPerEpoch } from './epoch-order.js';
import type { LossTerms } from '../losses/loss.js';
import { openLoss } from '../losses/loss-settings.js';
import { lossNamed } from '../losses/losses.js';
import { type Checkpoint, checkpointIfAny, type TrainingProgress, writeCheckpoint } from '../model/checkpoint.js';
import type { Features } from '../model/frozen/features.js';
import { type Network, projectionNetwork, trainedNetwork } from '../model/network.js';
import { HEAD, SampledHead, sampledClasses } from '../subcenter/sampled-head.js';
import { TrainingMargins } from '../subcenter/training-margins.js';
import { attributeRows } from './attributes.js';
import type { Attributes } from '../core/face-set.js';
import { describeProgress } from './describe-progress.js';
import { featureBatches } from './feature-batches.js';
import { velocityName } from './sgd.js';
import { scheduledInputs } from './step-inputs.js';
import { freshState, lossShapeOf, stateSpecs, trainingProgram, weightSpecs } from './training-program.js';

/** Images to train on: crop slots and the class of each; with a frozen model, their features. */
export interface TrainingSet {
  cropFile: string;
  slots: Int32Array;
  labels: Int32Array;
  identities: string[];
  features?: Features;
  attributes?: Attributes;
  /** Steps of an epoch; without it, as many as it takes to draw every image. */
  steps?: number;
}

/** Epochs shorter than this, in milliseconds, share a checkpoint. */
const MOST_OFTEN = 500;

/** Keys in the order in which a stored one is read: a resumed run ends with the bytes of an uninterrupted one. */
const freshProgress = (): TrainingProgress => ({
  ...{ epoch: 0, step: 0, lossSum: 0, angleSum: 0, images: 0, relabelled: 0 },
  history: [],
  seconds: 0,
});

interface SessionParts {
  config: Config;
  terms: LossTerms;
  run: string;
  /** The checkpoint. */
  file: string;
  set: TrainingSet;
  network: Network;
  executable: Executable;
  /** The part of the state that the engine does not hold: a head of which it sees samples. */
  head?: SampledHead;
  /** Shapes of everything a checkpoint holds. */
  specs: Record<string, TensorSpec>;
  margins: TrainingMargins;
  progress: TrainingProgress;
}

/** A run under way: the executable, its place, and the checkpoint that both are saved to. */
export class TrainingSession {
  readonly steps: number;

  private constructor(private readonly parts: SessionParts) {
    this.steps = stepsPerEpoch(this.drawPlan());
  }

  get progress(): TrainingProgress {
    return this.parts.progress;
  }

  get relabels(): boolean {
    return this.parts.terms.relabel !== undefined;
  }

  static async open(
    config: Config,
    run: string,
    file: string,
    set: TrainingSet,
    resume: boolean,
  ): Promise<TrainingSession> {
    const network = set.features ? projectionNetwork(set.features.dimensions, config.model) : trainedNetwork(config);
    const classes = set.identities.length;
    const whole = { network, loss: lossNamed(config.train.loss), classes, config, attributes: set.attributes?.shares };
    const terms = openLoss(whole.loss, config.train.lossSettings);
    const sampled = sampledClasses(classes, config.train.classShare, config.train.batchSize);
    terms.check?.(lossShapeOf({ ...whole, classes: sampled }));
    const program = trainingProgram({ ...whole, classes: sampled, sampled: sampled < classes });

    const stored: Checkpoint | undefined = resume ? checkpointIfAny(file) : undefined;
    const state: Arrays = stored?.state ?? freshState(weightSpecs(whole), config.seed);
    const head = sampled < classes ? sampledHeadOf(state, config, classes, sampled) : undefined;
    const executable = await engineOf(config).load(program, state);
    const margins = new TrainingMargins(set.labels, stored?.state);
    const progress = stored?.progress ?? freshProgress();
    const specs = { ...stateSpecs(weightSpecs(whole)), ...margins.specs() };
    return new TrainingSession({ config, terms, run, file, set, network, executable, head, specs, margins, progress });
  }

  private drawPlan(): DrawPlan {
    const { config, set, terms } = this.parts;
    const {
      seed,
      train: { batchSize },
    } = config;
    return { labels: set.labels, batchSize, seed, imagesPerIdentity: terms.imagesPerIdentity ?? 0, steps: set.steps };
  }

  private batches(from: Position): AsyncGenerator<Batch> {
    const {
      ingest: { size },
      train: { flip, shift, light, epochs },
    } = this.parts.config;
    const { cropFile, slots, features } = this.parts.set;
    const plan = this.drawPlan();
    if (features) return featureBatches({ ...plan, features, slots, flip }, from, epochs);
    return prefetchBatches({ ...plan, cropFile, size, augmentation: { flip, shift, light }, slots }, from, epochs);
  }

  async train({ signal, progress: shown }: { signal: AbortSignal; progress: Progress }): Promise<void> {
    const { config, progress } = this.parts;
    const secondsBefore = progress.seconds;
    const start = performance.now();
    let savedAt = start;
    for await (const batch of this.batches({ epoch: progress.epoch, step: progress.step })) {
      await this.takeStep(batch);
      const now = performance.now();
      progress.seconds = secondsBefore + (now - start) / 1000;
      shown.update(this.parts.run, describeProgress(progress, this.steps, config));
      if (signal.aborted || now - savedAt > this.patience()) {
        await this.save();
        savedAt = now;
      }
      if (signal.aborted) throw new InterruptedError();
    }
  }

  /** Milliseconds without a checkpoint: none after the last step, little after an epoch. */
  private patience(): number {
    const { config, progress } = this.parts;
    if (progress.epoch === config.train.epochs) return -1;
    return progress.step === 0 ? MOST_OFTEN : 1000 * config.train.checkpointSeconds;
  }

  private async takeStep(batch: Batch): Promise<void> {
    const { config, terms, set, progress, network, head } = this.parts;
    const sample = head?.sample(batch.labels, batch.epoch, batch.step);
    const outputs = await this.parts.executable.run({
      [network.input.name]: batch.data,
      labels: sample?.labels ?? batch.labels,
      ...scheduledInputs(config, terms, batch, this.steps, network.layers.dropoutFeatures),
      ...(set.attributes && { attributes: attributeRows(set.attributes, batch.positions) }),
      ...sample?.inputs,
    });
    const loss = outputs.loss[0];
    if (!Number.isFinite(loss)) throw this.diverged(`the loss is ${loss}`, batch);
    if (sample) head!.write(sample, outputs);
    this.parts.margins.add(batch.positions, outputs.own as Float32Array, outputs.rival as Float32Array);
    progress.lossSum += loss * config.train.batchSize;
    for (const cosine of outputs.own) progress.angleSum += angleDegreesOf(cosine);
    for (const moved of outputs.moved ?? []) progress.relabelled += moved;
    progress.images += config.train.batchSize;
    this.advance(batch);
  }

  private diverged(what: string, { epoch, step }: Position): DivergedError {
    const saved = checkpointIfAny(this.parts.file)?.progress;
    return new DivergedError(`Training diverged: ${what} at epoch ${epoch + 1}, step ${step + 1}.`, [
      'Lower learningRate, lengthen marginWarmup, or set clipNorm to 5 (in a --config file), and train again.',
      saved
        ? `The last good checkpoint, of epoch ${saved.epoch + 1} after ${saved.step} steps, is kept: ${this.parts.file}`
        : 'No checkpoint had been written yet.',
    ]);
  }

  private advance({ epoch, step }: Batch): void {
    const { progress } = this.parts;
    progress.step = step + 1;
    if (progress.step < this.steps) return;
    progress.history.push({
      loss: progress.lossSum / progress.images,
      meanAngleDegrees: progress.angleSum / progress.images,
      relabelled: progress.relabelled,
    });
    Object.assign(progress, { epoch: epoch + 1, step: 0, lossSum: 0, angleSum: 0, images: 0, relabelled: 0 });
  }

  /** A checkpoint of numbers that are not finite would replace the last good one: it is never written. */
  private async save(): Promise<void> {
    const { run, progress, set, file, specs, head, executable, margins } = this.parts;
    const weights = { ...(await executable.readState()), ...head?.state() };
    const broken = Object.keys(weights).find((name) => !isFinite(weights[name]));
    if (broken) throw this.diverged(`weights "${broken}" are not finite`, progress);
    writeCheckpoint(
      file,
      { run, progress, identities: set.identities, state: { ...weights, ...margins.state() } },
      specs,
    );
  }

  close(): Promise<void> {
    return this.parts.executable.dispose();
  }
}

/** A sum is finite only if every value is. */
function isFinite(values: ArrayLike<number>): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 1e-6;
  return Number.isFinite(sum);
}

function sampledHeadOf(state: Arrays, { seed }: Config, classes: number, sampled: number): SampledHead {
  const [rows, velocities] = [state[HEAD], state[velocityName(HEAD)]] as Float32Array[];
  return new SampledHead(rows, velocities, { classes, sampled, rowLength: rows.length / classes, seed });
}
