import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { listNetworks } from '../../model/list-networks.js';
import { packsSchema, packsTable } from '../../cli/packs-table.js';
import { table } from '../../core/text/table.js';

export const modelListSchema = z.object({
  networks: z.array(
    z.object({
      name: z.string(),
      parameters: z.number().int(),
      multiplies: z.number().int(),
      summary: z.string(),
      reference: z.string(),
    }),
  ),
  pretrained: z.array(
    z.object({ name: z.string(), summary: z.string(), licence: z.string(), folder: z.string().nullable() }),
  ),
  packs: packsSchema,
});

const inMillions = (count: number): string => `${(count / 1e6).toFixed(count < 1e7 ? 2 : 1)} M`;

export default class ModelList extends BaseCommand<typeof ModelList> {
  static override resultSchema = modelListSchema;
  static override summary =
    'List networks that can be trained, pretrained models that can be pulled, and packs of insightface.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  run(): Promise<z.infer<typeof modelListSchema>> {
    const result = listNetworks();
    const networks = result.networks.map(({ name, parameters, multiplies, summary, reference }) => [
      ...[name, inMillions(parameters), inMillions(multiplies)],
      ...[summary, reference],
    ]);
    this.log('Networks, counted at 112 pixels and 512 dimensions:', '');
    this.log(...table(['--backbone', 'weights', 'multiplies', '', 'published'], networks));
    const pretrained = result.pretrained.map(({ name, summary, licence, folder }) => [
      ...[`pretrained:${name}`, folder ? 'here' : `facesieve model pull ${name}`],
      ...[summary, licence],
    ]);
    this.log('', 'Pretrained, used frozen:', '');
    this.log(...table(['--backbone', 'pulled', '', 'licence'], pretrained));
    this.log('', ...packsTable(result.packs));
    return Promise.resolve(result);
  }
}
