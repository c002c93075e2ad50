import type { EffectiveNames } from '../identities/names/effective-names.js';
import type { IdentityProposals, MergeProposal, SplitProposal } from '../identities/proposals.js';
import { namesSince } from './effective-names.js';
import type { Run } from './runs.js';
import type { Workspace } from './workspace.js';

interface ProposalRow {
  kind: 'merge' | 'split';
  proposal: string;
}

/** Writes the proposals of a sift run, replacing what that run proposed before, or none of them. */
export function writeProposals(workspace: Workspace, run: string, { merges, splits }: IdentityProposals): void {
  const insert = workspace.database.prepare('INSERT INTO identity_proposals VALUES (?, ?, ?, ?, ?, ?, ?)');
  workspace.database.transaction(() => {
    workspace.database.prepare('DELETE FROM identity_proposals WHERE run = ?').run(run);
    merges.forEach((merge, i) =>
      insert.run(run, 'merge', i, merge.a, merge.b, merge.confidence, JSON.stringify(merge)),
    );
    splits.forEach((split, i) =>
      insert.run(run, 'split', i, split.identity, null, split.confidence, JSON.stringify(split)),
    );
  })();
}

/** Proposals of a sift run that nobody has answered, the surest first. */
export const openProposals = (
  workspace: Workspace,
  run: Run,
  { names }: { names: EffectiveNames },
): IdentityProposals => namesSince(names, run).open(readProposals(workspace, run.id));

/** Proposals of a sift run, the surest first; none when it made none. */
export function readProposals(workspace: Workspace, run: string): IdentityProposals {
  const rows = workspace.database
    .prepare('SELECT kind, proposal FROM identity_proposals WHERE run = ? ORDER BY kind, number')
    .all(run) as ProposalRow[];
  const ofKind = <T>(wanted: ProposalRow['kind']): T[] =>
    rows.filter(({ kind }) => kind === wanted).map(({ proposal }) => JSON.parse(proposal) as T);
  return { merges: ofKind<MergeProposal>('merge'), splits: ofKind<SplitProposal>('split') };
}
