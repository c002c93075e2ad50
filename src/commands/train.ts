import { z } from 'zod';
import { trainSchema } from '../workspace/results.js';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { engineFlags, trainingFlags } from '../cli/config-flags.js';
import { train } from '../pipeline/train.js';
import { quantity } from '../core/text/quantity.js';

export const trainingLine = ({
  run,
  epochs,
  loss,
  meanAngleDegrees,
  imagesPerSecond,
  relabelled,
}: z.infer<typeof trainSchema>): string =>
  `${run}: ${quantity(epochs, 'epoch')}, loss ${loss.toFixed(2)}, mean angle ${meanAngleDegrees.toFixed(1)}°, ` +
  `${imagesPerSecond.toFixed(0)} images/s` +
  (relabelled === undefined ? '' : `, ${relabelled} images under another label in the last epoch`);

export default class Train extends BaseCommand<typeof Train> {
  static override resultSchema = trainSchema;
  static override summary = 'Train on the unchanged crawl: sub-center ArcFace, or another loss.';
  static override flags = { ...trainingFlags, ...engineFlags, ...forceFlag };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --subcenters 3 --epochs 24',
    '<%= config.bin %> <%= command.id %> --loss cosface',
  ];

  async run(): Promise<z.infer<typeof trainSchema>> {
    const { result } = await this.asWriter((context) => train(context, this.flags.resume));
    this.log(trainingLine(result));
    return result;
  }
}
