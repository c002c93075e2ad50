import type { Config } from '../core/config.js';
import { clock } from '../core/progress.js';
import type { TrainingProgress } from '../model/checkpoint.js';

/** `epoch 3/24  loss 4.21  angle 71°  152 images/s  4:10 left` */
export function describeProgress(progress: TrainingProgress, steps: number, config: Config): string {
  const { epoch, step, images, lossSum, angleSum, history, seconds } = progress;
  const last =
    images > 0 ? { loss: lossSum / images, meanAngleDegrees: angleSum / images } : history[history.length - 1];
  const stepsDone = epoch * steps + step;
  const left = (seconds / stepsDone) * (config.train.epochs * steps - stepsDone);
  return [
    `epoch ${Math.min(epoch + 1, config.train.epochs)}/${config.train.epochs}`,
    `loss ${last.loss.toFixed(2)}`,
    `angle ${last.meanAngleDegrees.toFixed(0)}°`,
    `${((stepsDone * config.train.batchSize) / seconds).toFixed(0)} images/s`,
    `${clock(left)} left`,
  ].join('  ');
}
