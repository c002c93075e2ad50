import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { changedSchema } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { paragraphs, table } from '../../core/text/table.js';
import { type Discovered, type DiscoveredPerson, discover } from '../../review/discover.js';
import { FEWEST_PHOTOGRAPHS } from '../../review/drop-clusters.js';
import { acceptDiscovered, chosenClusters } from '../../review/accept-discovered.js';
import { quantity } from '../../core/text/quantity.js';

const clusterSchema = z.object({ name: z.string(), images: z.array(z.string()), confidence: z.number() });
export const identitiesDiscoverSchema = changedSchema.extend({
  clusters: z.array(clusterSchema),
  /** Clusters that seem to be somebody who has a name: `name` is theirs. */
  known: z.array(clusterSchema),
  /** Clusters that people spoke of already, here or on the review page: they are not listed. */
  answered: z.number().int(),
  drops: z.number().int(),
  /** Photographs among the drops that were compared, and how many there are: of very many, an even sample is compared. */
  compared: z.number().int(),
  photographs: z.number().int(),
});

export default class IdentitiesDiscover extends BaseCommand<typeof IdentitiesDiscover> {
  static override resultSchema = identitiesDiscoverSchema;
  static override summary = 'Find unknown people with several dropped images.';
  static override description = `Lists clusters of dropped images that are one person, with a name for each: unknown-001, ... Nothing
changes without --accept. With it the clusters become identities by verdicts, and \`identities undo\` takes them back. Name them
with \`identities rename\`. Images without a face and images with a verdict are left out.`;
  static override flags = {
    min: Flags.integer({ summary: 'Minimum number of photographs per person.', min: 2, default: FEWEST_PHOTOGRAPHS }),
    accept: Flags.boolean({ summary: 'Make the clusters identities.' }),
    only: Flags.string({
      summary: 'Accept these clusters only, by their names.',
      multiple: true,
      delimiter: ',',
      dependsOn: ['accept'],
      helpValue: 'NAME,...',
    }),
    ...reviewerFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --min 5',
    '<%= config.bin %> <%= command.id %> --accept --only unknown-001,unknown-003',
  ];

  async run(): Promise<z.infer<typeof identitiesDiscoverSchema>> {
    const { min, accept, only, reviewer } = this.flags;
    if (!accept) {
      const found = await this.asReader((workspace) => discover(workspace, min));
      this.log(...describe(found, min));
      return { changed: 0, ...found };
    }
    return this.asWriter(async ({ workspace }) => {
      const found = discover(workspace, min);
      const chosen = chosenClusters(found, only);
      const changed = acceptDiscovered(workspace, chosen, reviewerName(reviewer));
      this.log(...describe({ ...found, clusters: chosen }, min));
      if (changed > 0)
        this.log(
          '',
          `${quantity(changed, 'identity', 'identities')} made; \`facesieve sift\` decides with them, \`identities undo\` takes them back`,
        );
      return { changed, ...found };
    });
  }
}

function describe({ clusters, known, answered, drops, compared, photographs }: Discovered, min: number): string[] {
  if (drops === 0) return ['no dropped image can be searched for people'];
  const head =
    `${drops} dropped images looked at` +
    (compared < photographs
      ? `; of their ${photographs} photographs an even sample of ${compared} was compared, so people in few of them are missed: ` +
        'accept what is found, sift, and discover again'
      : '') +
    (answered > 0 ? `; answered before and not listed: ${answered}` : '');
  if (clusters.length + known.length === 0)
    return [`${head}: nobody ${answered > 0 ? 'else ' : ''}is in ${min} of them or more`];
  return paragraphs([[head], tableOf('unknown person', clusters), tableOf('seems to be', known)]);
}

function tableOf(title: string, clusters: readonly DiscoveredPerson[]): string[] {
  if (clusters.length === 0) return [];
  const rows = clusters.map(({ name, images, confidence }) => [
    ...[name, `${images.length}`, confidence.toFixed(2)],
    images.slice(0, 3).join(', '),
  ]);
  return table([title, 'images', 'confidence', 'for example'], rows);
}
