import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { shareFlag } from '../../cli/config-flags.js';
import { writeAtomically } from '../../core/atomic-write.js';
import { writeCsv } from '../../formats/csv.js';
import { table } from '../../core/text/table.js';
import { type Matched, matchPeople } from '../../pipeline/match-people.js';

export const identitiesMatchSchema = z.object({
  pairs: z.array(z.object({ a: z.string(), b: z.string(), confidence: z.number(), cosine: z.number() })),
  /** How many the other set has. */
  names: z.number().int(),
  out: z.string().nullable(),
});

export default class IdentitiesMatch extends BaseCommand<typeof IdentitiesMatch> {
  static override resultSchema = identitiesMatchSchema;
  static override summary = 'Find the people that two sets share.';
  static override description = `OTHER is the NAME of a source that was ingested with --also NAME=PATH, or the word reference for the set
of --reference. Lists pairs of a name in the set (a) and one in the other (b); nothing is merged. Needs a sift.`;
  static override args = {
    other: Args.string({ description: 'NAME of --also NAME=PATH, or reference', required: true }),
  };
  static override flags = {
    confidence: shareFlag({ summary: 'Only pairs of this confidence or more.', default: 0 }),
    out: Flags.string({
      summary: 'CSV to write: every name of OTHER and its name in the set.',
      helpValue: 'FILE',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> reference',
    '<%= config.bin %> <%= command.id %> glint --confidence 0.95 --out label-map.csv',
  ];

  async run(): Promise<z.infer<typeof identitiesMatchSchema>> {
    const { confidence, out } = this.flags;
    const { pairs: all, names } = await this.asReader((workspace) => matchPeople(workspace, this.args.other));
    const pairs = all.filter((pair) => pair.confidence >= confidence);
    this.log(...describe(pairs, names.length, this.args.other));
    if (out !== undefined) {
      writeAtomically(out, labelMap({ pairs, names }));
      this.log('', `label map: ${out}`);
    }
    return { pairs, names: names.length, out: out ?? null };
  }
}

function describe(pairs: Matched['pairs'], names: number, other: string): string[] {
  const head = `${pairs.length} of ${names} people of ${other} are in the set too, under another name`;
  if (pairs.length === 0) return [head];
  const rows = pairs.map(({ a, b, confidence, cosine }) => [a, b, confidence.toFixed(2), cosine.toFixed(2)]);
  return [head, '', ...table(['in the set', `in ${other}`, 'confidence', 'cosine'], rows)];
}

/** Names of the other set in order; one that nobody of the set matches keeps its name. */
function labelMap({ pairs, names }: Matched): string {
  const pairOf = new Map(pairs.map((pair) => [pair.b, pair]));
  const rows = names.map((name) => ({ name, becomes: name, confidence: '', ...known(pairOf.get(name)) }));
  return writeCsv(['name', 'becomes', 'confidence'], rows);
}

const known = (pair: Matched['pairs'][number] | undefined) =>
  pair && { becomes: pair.a, confidence: pair.confidence.toFixed(4) };
