import { type DecidedImage, isDecisive } from '../core/decided-image.js';
import { namesSince } from '../workspace/effective-names.js';
import { readPurifiedList } from '../workspace/purified-list.js';
import { findRun } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';
import { dropClusters } from './drop-clusters.js';
import { type Stranger, strangersOf } from './strangers.js';

/** Dropped images that seem to be one unknown person. */
export interface DiscoveredPerson {
  /** The name that is proposed. */
  name: string;
  /** Paths, sorted. */
  images: string[];
  /** That they are one person, [0, 1]. */
  confidence: number;
}

export interface Discovered {
  clusters: DiscoveredPerson[];
  /** Clusters that seem to be somebody who has a name: `name` is theirs. */
  known: DiscoveredPerson[];
  /** Clusters that a person spoke of already. */
  answered: number;
  /** Dropped images that were looked at. */
  drops: number;
  /** Photographs among the drops that were compared: all of them, or an even sample of very many. */
  compared: number;
  /** Photographs among the drops. */
  photographs: number;
}

/**
 * People among the dropped images of the current sift run whom nobody has spoken of, the largest first. Images without a
 * face, and those that a person gave a verdict on, are left alone; a photograph that was found several times counts once.
 * @param least photographs of a person @throws MissingStageError
 */
export function discover(workspace: Workspace, least: number): Discovered {
  const list = readPurifiedList(workspace);
  const verdicts = new Set(list.images.flatMap(({ path, verdict }) => (isDecisive(verdict) ? path : [])));
  const since = namesSince(list.names, findRun(workspace, list.siftRun)!);
  const { clusters, compared, photographs } = dropClusters(workspace, list, least);
  const strangers = strangersOf(clusters, { names: list.names, since, verdicts }, least);
  const open = strangers.filter(({ answer }) => answer === null);
  return {
    clusters: open.filter(({ isKnown }) => !isKnown).map(personOf),
    known: open.filter(({ isKnown }) => isKnown).map(personOf),
    answered: strangers.length - open.length,
    drops: list.images.filter(isUnspokenDrop).length,
    ...{ compared, photographs },
  };
}

const personOf = ({ name, images, confidence }: Stranger): DiscoveredPerson => ({ name, images, confidence });

const isUnspokenDrop = ({ final, verdict, evidence }: DecidedImage): boolean =>
  final === 'drop' && !isDecisive(verdict) && evidence.faces !== 0;
