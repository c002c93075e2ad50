import type { DecidedImage } from '../core/decided-image.js';
import type { CroppedImage } from '../core/records.js';
import { takeRows } from '../core/vectors.js';
import { classPrototypes } from '../identities/class-prototypes.js';
import { clusterIdentities } from '../identities/cluster-identities.js';
import { findStrangers, type StrangerCluster } from '../identities/find-strangers.js';
import { fitSimilarityModel } from '../identities/similarity-model.js';
import { excludedMembers } from '../noise/eligible-members.js';
import { namesOfRun } from '../workspace/effective-names.js';
import { embeddingsOf } from '../workspace/embedding-file.js';
import type { PurifiedList } from '../workspace/purified-list.js';
import { findRun } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';

/** Photographs of a person at least, where nobody says otherwise. */
export const FEWEST_PHOTOGRAPHS = 3;

/** Images that a sift run dropped and that seem to be one person, whatever people said of them since. */
export interface DropCluster {
  /** Paths of the images of each photograph, which may have been found several times. */
  photographs: string[][];
  /** That they are one person, [0, 1]. */
  confidence: number;
  /** The name, as the sift run knew it, of the person that they seem to be; null for an unknown one. */
  known: string | null;
}

/** What was found, and in how much. */
export interface DropSearch {
  clusters: DropCluster[];
  /** Photographs that were compared: all of them, or an even sample of very many. */
  compared: number;
  /** Dropped photographs. */
  photographs: number;
}

/**
 * People among the images that the run of `list` dropped, the largest first. They follow from the run alone: verdicts that
 * were given since change nothing. Images without a face are left out.
 * @param least photographs of a person @throws MissingStageError
 */
export function dropClusters(workspace: Workspace, list: PurifiedList, least: number): DropSearch {
  const sift = findRun(workspace, list.siftRun)!;
  const { vectors, untouched } = embeddingsOf(workspace, sift.parent!);
  const looks = takeRows(
    untouched ?? vectors,
    list.images.map(({ image }) => image.slot),
  );
  const names = namesOfRun(list.dataset.images, list.names, sift);
  const named = list.images.map(({ image, path }): CroppedImage => ({ ...image, identity: names.nameOf(path) }));
  const identities = names.all();
  const labelOf = new Map(identities.map((identity, label) => [identity, label]));
  const labels = Int32Array.from(named, ({ identity }) => labelOf.get(identity)!);
  const photographs = droppedPhotographs(list.images);
  const isDrop = new Set([...photographs.values()].flat());
  const isCopy = excludedMembers(named, labels);
  const { clusters } = clusterIdentities({
    ...{ embeddings: looks, labels, neighbours: { k: 0, ids: new Int32Array(), cosines: new Float32Array() } },
    isExcluded: (image) => isDrop.has(image) || isCopy(image),
  });
  const prototypes = classPrototypes(looks, clusters);
  const found = findStrangers(looks, [...photographs.keys()], prototypes, fitSimilarityModel(prototypes), least);
  const clusterOf = ({ images, confidence }: StrangerCluster, known: string | null): DropCluster => ({
    photographs: images.map((image) => photographs.get(image)!.map((copy) => list.images[copy].path)),
    ...{ confidence, known },
  });
  const people = [
    ...found.unknown.map((cluster) => clusterOf(cluster, null)),
    ...found.known.map((cluster) => clusterOf(cluster, identities[cluster.label])),
  ];
  return { clusters: largestFirst(people), compared: found.looked, photographs: photographs.size };
}

/** Row of the first image of each dropped photograph, and the rows of all images of it. */
function droppedPhotographs(images: readonly DecidedImage[]): Map<number, number[]> {
  const photographs = new Map<number, number[]>();
  const firstOf = new Map<string, number>();
  images.forEach(({ decision, evidence, image }, row) => {
    if (decision !== 'drop' || evidence.faces === 0) return;
    const marks = [image.sha256, image.dhash];
    const first = marks.map((mark) => firstOf.get(mark)).find((known) => known !== undefined) ?? row;
    for (const mark of marks) if (!firstOf.has(mark)) firstOf.set(mark, first);
    photographs.set(first, [...(photographs.get(first) ?? []), row]);
  });
  return photographs;
}

/** Of equal size by path, so that the order does not depend on that of the images. */
function largestFirst(clusters: DropCluster[]): DropCluster[] {
  const keyed = clusters.map((cluster) => ({ cluster, paths: cluster.photographs.flat().sort() }));
  keyed.sort((a, b) => b.paths.length - a.paths.length || (a.paths[0] < b.paths[0] ? -1 : 1));
  return keyed.map(({ cluster }) => cluster);
}
