import { ConfigError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { giveNameVerdicts } from '../workspace/name-verdicts.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Discovered, DiscoveredPerson } from './discover.js';

/** The clusters of these names; all when none are named. @throws ConfigError when there is no cluster of a name */
export function chosenClusters({ clusters }: Discovered, names: readonly string[] | undefined): DiscoveredPerson[] {
  if (names === undefined) return clusters;
  const known = clusters.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new ConfigError(
      `There is no cluster "${wrong}".`,
      known.length === 0
        ? ['No cluster was found: try a lower --min.']
        : suggestName(wrong, known).concat(`Found: ${known.join(', ')}.`),
    );
  return clusters.filter(({ name }) => names.includes(name));
}

/** Makes identities of clusters, as one batch of verdicts. Returns how many. */
export const acceptDiscovered = (
  workspace: Workspace,
  clusters: readonly DiscoveredPerson[],
  reviewer: string,
): number =>
  giveNameVerdicts(
    workspace,
    clusters.map(({ name, images }) => ({ kind: 'discover', name, images })),
    reviewer,
  );
