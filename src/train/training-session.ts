import { angleDegreesOf } from '../core/angles.js';
import type { Config } from '../core/config.js';
import { DivergedError, InterruptedError } from '../core/errors.js';
import { engineOf } from '../engine/engines.js';
import type { Arrays, Executable, TensorSpec } from '../engine/program.js';
import { type Batch, type BatchPlan, stepsPerEpoch } from '../images/batch-plan.js';
import { prefetchBatches } from '../images/batches.js';
import { lossNamed } from '../losses/losses.js';
import { backboneNamed } from '../model/backbones.js';
import { type Checkpoint, checkpointIfAny, type TrainingProgress, writeCheckpoint } from '../model/checkpoint.js';
import type { StageContext } from '../store/stages.js';
import { TrainingMargins } from '../subcenter/training-margins.js';
import { describeProgress } from './describe-progress.js';
import { learningRateAt, marginAt } from './schedule.js';
import { freshState, trainingProgram, weightSpecs } from './training-program.js';

/** Images to train on: crop slots and the class of each. */
export interface TrainingSet {
  cropFile: string;
  slots: Int32Array;
  labels: Int32Array;
  identities: string[];
}

const freshProgress = (): TrainingProgress => ({
  epoch: 0,
  step: 0,
  lossSum: 0,
  angleSum: 0,
  images: 0,
  history: [],
  seconds: 0,
});

interface SessionParts {
  config: Config;
  run: string;
  /** The checkpoint. */
  file: string;
  set: TrainingSet;
  executable: Executable;
  /** Shapes of everything a checkpoint holds. */
  specs: Record<string, TensorSpec>;
  margins: TrainingMargins;
  progress: TrainingProgress;
}

/** A run under way: the executable, its place, and the checkpoint that both are saved to. */
export class TrainingSession {
  readonly steps: number;

  private constructor(private readonly parts: SessionParts) {
    this.steps = stepsPerEpoch(this.plan());
  }

  get progress(): TrainingProgress {
    return this.parts.progress;
  }

  static async open(
    config: Config,
    run: string,
    file: string,
    set: TrainingSet,
    resume: boolean,
  ): Promise<TrainingSession> {
    const model = {
      backbone: backboneNamed(config.backbone),
      loss: lossNamed(config.loss),
      classes: set.identities.length,
      config,
    };
    const stored: Checkpoint | undefined = resume ? checkpointIfAny(file) : undefined;
    const program = trainingProgram(model);
    const state: Arrays = stored?.state ?? freshState(weightSpecs(model), config.seed);
    const executable = await engineOf(config).load(program, state);
    const margins = new TrainingMargins(set.slots.length, stored?.state);
    const progress = stored?.progress ?? freshProgress();
    const specs = { ...program.state, ...margins.specs() };
    return new TrainingSession({ config, run, file, set, executable, specs, margins, progress });
  }

  private plan(): BatchPlan {
    const { size, batchSize, seed, flip, shift, light } = this.parts.config;
    const { cropFile, slots, labels } = this.parts.set;
    return { cropFile, size, batchSize, seed, augmentation: { flip, shift, light }, slots, labels };
  }

  async train({ signal, progress: shown }: StageContext): Promise<void> {
    const { config, progress } = this.parts;
    const secondsBefore = progress.seconds;
    const start = performance.now();
    let savedAt = start;
    const from = { epoch: progress.epoch, step: progress.step };
    for await (const batch of prefetchBatches(this.plan(), from, config.epochs)) {
      await this.takeStep(batch);
      const now = performance.now();
      progress.seconds = secondsBefore + (now - start) / 1000;
      shown.update(this.parts.run, describeProgress(progress, this.steps, config));
      const due = progress.step === 0 || signal.aborted || now - savedAt > 1000 * config.checkpointSeconds;
      if (due) {
        await this.save();
        savedAt = now;
      }
      if (signal.aborted) throw new InterruptedError();
    }
  }

  private async takeStep(batch: Batch): Promise<void> {
    const { config, progress } = this.parts;
    const done = (batch.epoch * this.steps + batch.step) / (config.epochs * this.steps);
    const outputs = await this.parts.executable.run({
      images: batch.images,
      labels: batch.labels,
      rate: Float32Array.of(learningRateAt(done, config)),
      margin: Float32Array.of(marginAt(done, config)),
    });
    const loss = outputs.loss[0];
    if (!Number.isFinite(loss))
      throw new DivergedError(
        `Training diverged: the loss is ${loss} at epoch ${batch.epoch + 1}, step ${batch.step + 1}.`,
        ['Lower the learning rate, or lengthen the margin warm-up.'],
      );
    this.parts.margins.add(batch.positions, outputs.own as Float32Array, outputs.rival as Float32Array);
    progress.lossSum += loss * config.batchSize;
    for (const cosine of outputs.own) progress.angleSum += angleDegreesOf(cosine);
    progress.images += config.batchSize;
    this.advance(batch);
  }

  private advance({ epoch, step }: Batch): void {
    const { progress } = this.parts;
    progress.step = step + 1;
    if (progress.step < this.steps) return;
    progress.history.push({
      loss: progress.lossSum / progress.images,
      meanAngleDegrees: progress.angleSum / progress.images,
    });
    Object.assign(progress, { epoch: epoch + 1, step: 0, lossSum: 0, angleSum: 0, images: 0 });
  }

  private async save(): Promise<void> {
    const state = { ...(await this.parts.executable.readState()), ...this.parts.margins.state() };
    const { run, progress, set, file, specs } = this.parts;
    writeCheckpoint(file, { run, progress, identities: set.identities, state }, specs);
  }

  close(): Promise<void> {
    return this.parts.executable.dispose();
  }
}
