import type { EffectiveNames } from '../identities/names/effective-names.js';
import type { NamesSince } from '../identities/names/names-since.js';
import type { IdentityProposals } from '../identities/proposals.js';
import type { NameVerdict } from '../identities/names/name-verdicts.js';
import { effectiveNames, namesSince } from '../workspace/effective-names.js';
import { croppedImages } from '../workspace/images.js';
import { giveNameVerdicts } from '../workspace/name-verdicts.js';
import { chooseRun } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';
import { type AcceptOptions, acceptedVerdicts, proposedSplit } from '../identities/names/accept-proposals.js';
import { listProposals } from './queries/list-proposals.js';
import { mergeVerdict, renameVerdict, requireStanding, splitVerdict } from '../identities/names/name-actions.js';
import { readGroups } from '../formats/annotations/read-groups.js';

/** What a command on names did. */
export interface NamesChanged {
  /** Verdicts that changed something. */
  changed: number;
  verdicts: NameVerdict[];
}

/** Stores the verdicts that `verdictsOf` makes of the names as they are. */
function say(
  workspace: Workspace,
  reviewer: string,
  verdictsOf: (names: EffectiveNames, images: readonly { path: string }[]) => readonly (NameVerdict | null)[],
): NamesChanged {
  const images = croppedImages(workspace);
  const verdicts = verdictsOf(effectiveNames(workspace, images), images).flatMap((verdict) => verdict ?? []);
  return { changed: giveNameVerdicts(workspace, verdicts, reviewer), verdicts };
}

/** Two names are one person, called `into`. @throws UnknownIdentityError, NameConflictError, ConfigError */
export const mergeNames = (
  workspace: Workspace,
  { a, b, into }: { a: string; b: string; into?: string },
  reviewer: string,
): NamesChanged => say(workspace, reviewer, (names) => [mergeVerdict(names, a, b, into)]);

/** @throws UnknownIdentityError, NameConflictError, ConfigError */
export const renameName = (workspace: Workspace, from: string, to: string, reviewer: string): NamesChanged =>
  say(workspace, reviewer, (names) => [renameVerdict(names, from, to)]);

/**
 * Divides a name as sift proposes or as a file says.
 * @param groups `proposed`, or a CSV file
 * @throws UnknownIdentityError, NameConflictError, ConfigError, FormatError, PathError, MissingStageError
 */
export const splitName = (workspace: Workspace, name: string, groups: string, reviewer: string): NamesChanged =>
  say(workspace, reviewer, (names, images) => {
    requireStanding(names, name);
    if (groups === 'proposed')
      return [proposedSplit(names, sinceSift(workspace, names), listProposals(workspace), name)];
    const paths = images.map(({ path }) => path);
    return [splitVerdict(names, name, readGroups(groups, name, names, paths))];
  });

/** Accepts the open proposals of the current sift run. @throws MissingStageError */
export const acceptProposals = (workspace: Workspace, options: AcceptOptions, reviewer: string): NamesChanged =>
  say(workspace, reviewer, (names) => {
    const open: IdentityProposals = listProposals(workspace);
    return acceptedVerdicts(names, sinceSift(workspace, names), open, options);
  });

const sinceSift = (workspace: Workspace, names: EffectiveNames): NamesSince =>
  namesSince(names, chooseRun(workspace, undefined, 'sift'));
