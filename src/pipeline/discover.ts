import { takeRows } from '../core/vectors.js';
import type { CroppedImage } from '../core/records.js';
import { embeddingsOf } from '../workspace/embedding-file.js';
import type { DecidedImage } from '../core/decided-image.js';
import { type PurifiedList, readPurifiedList } from '../workspace/purified-list.js';
import { findRun } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';
import { findStrangers, type StrangerCluster } from '../identities/find-strangers.js';
import { fitSimilarityModel } from '../identities/similarity-model.js';
import { classPrototypes } from '../identities/class-prototypes.js';
import { clusterIdentities } from '../identities/cluster-identities.js';
import { excludedMembers } from '../noise/eligible-members.js';

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
  /** Dropped images that were looked at. */
  drops: number;
  /** Photographs among them that were compared: all of them, or an even sample of very many. */
  compared: number;
  /** Photographs among them. */
  photographs: number;
}

/**
 * People among the dropped images of the current sift run, the largest first. Images without a face, and those that a person
 * gave a verdict on, are left alone; a photograph that was found several times counts once.
 * @param least photographs of a person @throws MissingStageError
 */
export function discover(workspace: Workspace, least: number): Discovered {
  const list = readPurifiedList(workspace);
  const run = findRun(workspace, findRun(workspace, list.siftRun)!.parent!)!;
  const { vectors, untouched } = embeddingsOf(workspace, run.id);
  const looks = takeRows(
    untouched ?? vectors,
    list.images.map(({ image }) => image.slot),
  );
  const identities = list.names.all();
  const labelOf = new Map(identities.map((identity, label) => [identity, label]));
  const labels = Int32Array.from(list.images, ({ name }) => labelOf.get(name)!);
  const named = list.images.map(({ image, name }): CroppedImage => ({ ...image, identity: name }));
  const drops = droppedPhotographs(list);
  const isDrop = new Set([...drops.values()].flat());
  const isCopy = excludedMembers(named);
  const clustering = clusterIdentities({
    ...{ embeddings: looks, labels, neighbours: { k: 0, ids: new Int32Array(), cosines: new Float32Array() } },
    isExcluded: (image) => isDrop.has(image) || isCopy(image),
  });
  const prototypes = classPrototypes(looks, clustering.clusters);
  const found = findStrangers(looks, [...drops.keys()], prototypes, fitSimilarityModel(prototypes), least);
  const pathsOf = ({ images }: StrangerCluster): string[] =>
    images.flatMap((image) => drops.get(image)!.map((copy) => list.images[copy].path)).sort();
  const name = unknownNames(list);
  return {
    clusters: inOrder(
      found.unknown.map((cluster) => ({ images: pathsOf(cluster), confidence: cluster.confidence })),
    ).map((cluster) => ({ name: name.next().value, ...cluster })),
    known: inOrder(
      found.known.map((cluster) => ({
        ...{ name: identities[cluster.label], images: pathsOf(cluster), confidence: cluster.confidence },
      })),
    ),
    drops: isDrop.size,
    compared: found.looked,
    photographs: drops.size,
  };
}

/** Row of the first image of each dropped photograph, and the rows of all images of it. */
function droppedPhotographs({ images }: PurifiedList): Map<number, number[]> {
  const photographs = new Map<number, number[]>();
  const firstOf = new Map<string, number>();
  images.forEach((image, row) => {
    if (!isStranger(image)) return;
    const marks = [image.image.sha256, image.image.dhash];
    const first = marks.map((mark) => firstOf.get(mark)).find((known) => known !== undefined) ?? row;
    for (const mark of marks) if (!firstOf.has(mark)) firstOf.set(mark, first);
    photographs.set(first, [...(photographs.get(first) ?? []), row]);
  });
  return photographs;
}

const isStranger = ({ final, verdict, evidence }: DecidedImage): boolean =>
  final === 'drop' && (verdict === null || verdict.verdict === 'wrong-face') && evidence.faces !== 0;

const inOrder = <C extends Pick<DiscoveredPerson, 'images'>>(clusters: readonly C[]): C[] =>
  [...clusters].sort((a, b) => b.images.length - a.images.length || (a.images[0] < b.images[0] ? -1 : 1));

/** unknown-001, unknown-002, ... as far as no image has such a name. */
function* unknownNames({ names }: PurifiedList): Generator<string, never> {
  for (let number = 1; ; number++) {
    const name = `unknown-${String(number).padStart(3, '0')}`;
    if (names.resolve(name) === undefined) yield name;
  }
}
