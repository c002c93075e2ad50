import { EffectiveNames } from '../identities/names/effective-names.js';
import type { NamesSince } from '../identities/names/names-since.js';
import { currentNameVerdicts } from './name-verdicts.js';
import type { Run } from './runs.js';
import { imagesGivenToNames } from './verdicts.js';
import type { Workspace } from './workspace.js';

/** What every name of the set becomes by what people said. @param images of the set, with their names as found */
export const effectiveNames = (
  workspace: Workspace,
  images: Iterable<{ path: string; identity: string }>,
): EffectiveNames => new EffectiveNames(images, currentNameVerdicts(workspace), imagesGivenToNames(workspace));

const knownTo = (run: Run): string[] => (run.inputs as { names?: string[] } | null)?.names ?? [];

/** What every name was for sift run `run`; what it is now where a verdict that the run knew was taken back. */
export const namesOfRun = (
  images: readonly { path: string; identity: string }[],
  names: EffectiveNames,
  run: Run,
): EffectiveNames =>
  namesSince(names, run).tookBack ? names : new EffectiveNames(images, names.verdicts.slice(0, knownTo(run).length));

/** How to read the names in what sift run `run` decided and proposed. */
export const namesSince = (names: EffectiveNames, run: Run): NamesSince => names.since(knownTo(run));
