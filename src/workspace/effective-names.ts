import { EffectiveNames, type NamesSince } from '../identities/names/effective-names.js';
import { currentNameVerdicts } from './name-verdicts.js';
import type { Run } from './runs.js';
import { imagesGivenToNames } from './verdicts.js';
import type { Workspace } from './workspace.js';

/** What every name of the set becomes by what people said. @param images of the set, with their names as found */
export const effectiveNames = (
  workspace: Workspace,
  images: readonly { path: string; identity: string }[],
): EffectiveNames => new EffectiveNames(images, currentNameVerdicts(workspace), imagesGivenToNames(workspace));

/** How to read the names in what sift run `run` decided and proposed. */
export const namesSince = (names: EffectiveNames, run: Run): NamesSince =>
  names.since((run.inputs as { names?: string[] } | null)?.names);
