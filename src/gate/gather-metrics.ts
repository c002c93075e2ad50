import { allImages } from '../store/images.js';
import { type DecidedImage, keptImages, readPurifiedList } from '../store/purified-list.js';
import { currentResult } from '../store/stages.js';
import type { Workspace } from '../store/workspace.js';
import type { Metrics } from './metrics.js';

/** The parts of other stages' results that rules are about. */
interface SiftFigures {
  noiseRate: { estimate: number };
  index: { recallAt10: number };
  /** Absent from runs of earlier versions. */
  proposals?: { merges: number; splits: number };
  overlap?: { images: { path: string }[]; people: { identity: string }[] };
}
interface EvaluateFigures {
  verification: { before: { accuracy: number }; after?: { accuracy: number } } | null;
}

/** Reads every metric that the workspace holds. @throws MissingStageError before the first sift */
export function gatherMetrics(workspace: Workspace): Metrics {
  const list = readPurifiedList(workspace);
  const sift = currentResult<SiftFigures>(workspace, 'sift');
  const verification = currentResult<EvaluateFigures>(workspace, 'evaluate')?.verification;
  const found = countBy(list.images, ({ image }) => image.identity);
  const kept = countBy(keptImages(list), ({ finalIdentity }) => finalIdentity!);
  const stayed = countBy(keptImages(list), ({ image }) => image.identity);
  const identities = list.dataset.identities;
  const ofFinal = (name: string): number => list.images.filter(({ final }) => final === name).length;
  return {
    images: list.images.length,
    unreadable: allImages(workspace).filter(({ state }) => state === 'unreadable').length,
    duplicates: ofFinal('duplicate'),
    review: ofFinal('review'),
    noiseRate: sift?.noiseRate.estimate ?? null,
    keptByIdentity: Object.fromEntries(identities.map((name) => [name, kept.get(name) ?? 0])),
    droppedByIdentity: Object.fromEntries(
      identities.map((name) => [name, 1 - (stayed.get(name) ?? 0) / found.get(name)!]),
    ),
    verificationAccuracy: (verification?.after ?? verification?.before)?.accuracy ?? null,
    indexRecall: sift?.index.recallAt10 ?? null,
    mergeProposals: sift?.proposals?.merges ?? null,
    splitProposals: sift?.proposals?.splits ?? null,
    referenceOverlap: sift?.overlap ? stillShared(sift.overlap, keptImages(list)) : null,
  };
}

/** Images and people of the reference set that are still in the purified set. */
function stillShared({ images, people }: NonNullable<SiftFigures['overlap']>, kept: readonly DecidedImage[]): number {
  const paths = new Set(kept.map(({ image }) => image.path));
  const identities = new Set(kept.map(({ finalIdentity }) => finalIdentity));
  const shared = new Set(people.map(({ identity }) => identity).filter((identity) => identities.has(identity)));
  return images.filter(({ path }) => paths.has(path)).length + shared.size;
}

function countBy(images: readonly DecidedImage[], keyOf: (image: DecidedImage) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const image of images) counts.set(keyOf(image), (counts.get(keyOf(image)) ?? 0) + 1);
  return counts;
}
