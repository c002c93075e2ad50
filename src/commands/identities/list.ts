import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { identityProposalsSchema, type MergeProposal, type SplitProposal } from '../../identities/proposals.js';
import { paragraphs, table } from '../../core/text/table.js';
import { inWords } from '../../identities/names/name-verdict-words.js';
import { type GivenNameVerdict, givenNameVerdictSchema } from '../../identities/names/name-verdicts.js';
import { identityVerdictSchema, type IdentityVerdict } from '../../core/records.js';
import { listProposals } from '../../review/queries/list-proposals.js';
import { currentIdentityVerdicts } from '../../workspace/identity-verdicts.js';
import { currentNameVerdicts } from '../../workspace/name-verdicts.js';

/** What sift proposes and nobody has answered, and what people said of names. */
export const identitiesSchema = identityProposalsSchema.extend({
  verdicts: z.array(identityVerdictSchema),
  nameVerdicts: z.array(givenNameVerdictSchema),
});

export default class IdentitiesList extends BaseCommand<typeof IdentitiesList> {
  static override resultSchema = identitiesSchema;
  static override summary = 'Names that seem to be one person, and names that seem to be several.';
  static override description = `Lists the unanswered proposals of sift and changes nothing. Merge: one person under two names.
Split: two people or more under one name. Confidence is the expected share of such proposals that are right.`;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<z.infer<typeof identitiesSchema>> {
    const { verdicts, nameVerdicts, ...proposals } = await this.asReader((workspace) => ({
      ...listProposals(workspace),
      verdicts: [...currentIdentityVerdicts(workspace).values()],
      nameVerdicts: currentNameVerdicts(workspace).map(({ verdict, reviewer, givenAt }) => ({
        ...{ verdict, reviewer, givenAt },
      })),
    }));
    const { merges, splits } = proposals;
    const verdictsOnNames = describeNameVerdicts(nameVerdicts);
    this.log(
      ...paragraphs([describeMerges(merges), describeSplits(splits), describeVerdicts(verdicts), verdictsOnNames]),
    );
    return { ...proposals, verdicts, nameVerdicts };
  }
}

function describeVerdicts(verdicts: readonly IdentityVerdict[]): string[] {
  if (verdicts.length === 0) return [];
  const rows = verdicts.map(({ identity, reviewer, givenAt }) => [identity, reviewer, givenAt]);
  return table(['people say: several people', 'said by', 'at'], rows);
}

function describeNameVerdicts(given: readonly Omit<GivenNameVerdict, 'batch'>[]): string[] {
  if (given.length === 0) return [];
  const rows = given.map(({ verdict, reviewer, givenAt }) => [inWords(verdict), reviewer, givenAt]);
  return table(['people say', 'said by', 'at'], rows);
}

function describeMerges(merges: readonly MergeProposal[]): string[] {
  if (merges.length === 0) return ['no two names seem to be one person'];
  const rows = merges.map(({ a, b, confidence, cosine, pairsAboveBar, examples }) => [
    ...[a, b, confidence.toFixed(2), cosine.toFixed(2), `${(100 * pairsAboveBar).toFixed(0)} %`],
    examples.length > 0 ? `${examples[0].a} = ${examples[0].b}` : '',
  ]);
  return table(['one person', 'and', 'confidence', 'cosine', 'pairs alike', 'for example'], rows);
}

function describeSplits(splits: readonly SplitProposal[]): string[] {
  if (splits.length === 0) return ['no name seems to be several people'];
  const rows = splits.flatMap(({ identity, groups }) =>
    groups.map(({ count, confidence, images }, i) => [
      ...[i === 0 ? identity : '', `${i + 1}`, i === 0 ? '' : confidence.toFixed(2), `${count}`],
      images.slice(0, 3).join(', '),
    ]),
  );
  return table(['several people', 'number', 'confidence', 'images', 'for example'], rows);
}
