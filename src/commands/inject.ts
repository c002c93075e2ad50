import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { numberFlag } from '../cli/config-flags.js';
import { inject } from '../synthetic/inject/inject.js';

const count = z.number().int();
export const injectSchema = z.object({ images: count, open: count, closed: count, nonface: count, repeated: count });

export default class Inject extends BaseCommand<typeof Inject> {
  static override resultSchema = injectSchema;
  static override summary = 'Copy a dataset and inject known label noise, to measure with.';
  static override description = 'What was changed is written to OUT/truth.csv: path, noise, true_identity.';
  static override args = {
    source: Args.string({ description: 'folder with one folder of images per person', required: true }),
    out: Args.string({ description: 'new folder for the copy with noise', required: true }),
  };
  static override flags = {
    open: numberFlag({ summary: 'Share of images replaced by outsiders.', default: 0 }),
    closed: numberFlag({ summary: 'Share of images swapped between identities.', default: 0 }),
    nonface: numberFlag({ summary: 'Share of images replaced by background.', default: 0 }),
    repeated: numberFlag({
      summary: 'In one identity of six, share of images replaced by one other person, who leaves the set.',
      default: 0,
    }),
    outsiders: Flags.string({ summary: 'Folder of strangers. [default: identities taken out of the set]' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> clean noisy --open 0.1 --closed 0.1 --outsiders strangers --seed 1',
  ];

  async run(): Promise<z.infer<typeof injectSchema>> {
    const { source, out } = this.args;
    const { seed } = this.settings();
    const result = await inject({ ...this.flags, source, out, seed }, this.signal);
    this.log(
      `${result.images} images: ${result.open} open-set, ${result.closed} closed-set, ${result.nonface} non-face noise, ` +
        `${result.repeated} of second people`,
    );
    return result;
  }
}
