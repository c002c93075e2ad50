import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { numberFlag } from '../../cli/config-flags.js';
import { UsageError } from '../../core/errors.js';
import { resolveConfig } from '../../core/resolve-config.js';
import { slimDefaults } from '../../engine/onnx/slim/slim-graph.js';
import { frozenModel } from '../../model/frozen/frozen-model.js';
import { slimModel } from '../../model/frozen/slim-model.js';

const changeSchema = z.object({ before: z.number().int(), after: z.number().int() });

export const modelSlimSchema = z.object({
  file: z.string(),
  out: z.string(),
  preprocessing: z.string(),
  bytes: changeSchema,
  filters: changeSchema,
  dead: z.number().int(),
  duplicate: z.number().int(),
  cosine: z.object({ mean: z.number(), lowest: z.number() }),
});

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

export default class ModelSlim extends BaseCommand<typeof ModelSlim> {
  static override resultSchema = modelSlimSchema;
  static override summary = 'Write a model without the channels that make no difference: smaller, quicker, as exact.';
  static override description =
    'A channel goes if nobody reads it, if it is the same number for every image, or if it equals another one. ' +
    'Both models are run on images of noise before anything is written: if their embeddings differ by more than rounding, nothing ' +
    'is. Models named with --backbone are run like this anyway; the file is for other programs.';
  static override args = {
    model: Args.string({ description: 'ONNX file, pretrained:NAME or insightface:PACK.', required: true }),
  };
  static override flags = {
    out: Flags.string({ summary: 'File to write; its preprocessing is written beside it.', default: 'slim.onnx' }),
    threshold: numberFlag({
      summary: 'Weights up to this size count as zero.',
      default: slimDefaults.threshold,
    }),
    multiple: Flags.integer({
      summary: 'Leave channels in whole multiples of this: processors take so many at once.',
      min: 1,
      default: slimDefaults.multiple,
    }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> network.onnx --out slim.onnx'];

  async run(): Promise<z.infer<typeof modelSlimSchema>> {
    const { out, threshold, multiple } = this.flags;
    if (!(threshold >= 0 && threshold < 1))
      throw new UsageError(`--threshold is ${threshold}; a number from 0 to below 1 was expected, such as 1e-12.`);
    const model = frozenModel(resolveConfig({ backbone: this.args.model }));
    const { threads } = this.settings();
    const result = await slimModel(model, out, { threshold, multiple }, { threads, device: 'cpu' });
    const { bytes, filters, dead, duplicate, cosine } = result;
    this.log(
      `${out}: ${megabytes(bytes.before)} -> ${megabytes(bytes.after)}, ${filters.before} -> ${filters.after} filters`,
      dead + duplicate === 0
        ? 'every channel makes a difference: none was taken out'
        : `${dead} dead and ${duplicate} duplicate channels taken out; lowest cosine ${cosine.lowest.toFixed(6)}`,
      `Use it with --backbone ${out}; ${result.preprocessing} says how it wants its images.`,
    );
    return result;
  }
}
