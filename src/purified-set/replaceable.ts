import { PathError } from '../core/errors.js';
import { realPlace } from '../core/real-place.js';
import { pathOfAlso } from '../formats/dataset/open-sources.js';
import { everJudged } from '../workspace/verdicts.js';
import type { Workspace } from '../workspace/workspace.js';
import { markOf, type NamedSources, readExistingSet } from './existing-set.js';
import { quantity } from '../core/text/quantity.js';

/**
 * A set of this crawl is replaced unasked; one that holds more than this workspace can write again is not.
 * @throws PathError when the set at `target` was made of other sources, or heeds verdicts that this workspace never had
 */
export function refuseOtherSet(target: string, sources: NamedSources, workspace: Workspace): void {
  if (markOf(target) === undefined) return;
  const set = readExistingSet(target);
  const ours = placesOf(sources);
  const other = set.sources.find((made) => [...placesOf(made)].some((place) => !ours.has(place)));
  if (other)
    throw new PathError(
      `"${target}" is a set made of "${[other.source, ...other.also].join('", "')}", and this workspace is of "${[sources.source, ...sources.also].join('", "')}".`,
      advice,
    );
  const judged = everJudged(workspace);
  const lost = set.ledger.filter(({ path, by }) => by !== 'facesieve' && !judged.has(path));
  if (lost.length > 0)
    throw new PathError(
      `"${target}" applies ${quantity(lost.length, 'verdict')} that this workspace does not have, such as that of ${lost[0].by} on "${lost[0].path}".`,
      [
        'Import them first: facesieve decisions import FILE',
        'Or replace the set with --overwrite, if they were taken back or their images forgotten.',
        advice[0],
      ],
    );
}

const advice = ['Choose another --out, or replace the set with --overwrite.'];

const placesOf = ({ source, also }: NamedSources): Set<string> =>
  new Set([source, ...also.map(pathOfAlso)].map((path) => realPlace(path).path));
