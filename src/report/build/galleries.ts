import { angleDegreesOf } from '../../core/angles.js';
import type { Evidence } from '../../core/records.js';
import { type Gallery, type GalleryKind, galleryKinds, type ReportedEvidence, type ReportedImage } from '../report.js';
import { type DecidedImage, isDecisive, reasonOf } from '../../core/decided-image.js';
import type { FaceBox } from '../../workspace/face-boxes.js';
import { spread } from '../../core/sample-evenly.js';

type Typical = (identity: string) => string[];
/** Boxes of all faces of an image. */
type BoxesOf = (path: string) => FaceBox[];

/** What makes an image of each gallery doubtful; the most doubtful come first. */
const doubt: Record<GalleryKind, (image: DecidedImage) => number> = {
  drop: ({ pNoise }) => 1 - (pNoise ?? 1),
  relabel: ({ pNoise }) => 1 - (pNoise ?? 1),
  review: ({ pNoise }) => pNoise ?? 1,
  hard: ({ evidence: { cosOwn, cosDominant } }) => -(cosOwn ?? cosDominant ?? 1),
  duplicate: () => 0,
};

/** Images by what became of them, verdicts applied, `most` of each kind. */
export function buildGalleries(
  images: readonly DecidedImage[],
  typical: Typical,
  boxesOf: BoxesOf,
  most: number,
): Gallery[] {
  return galleryKinds.map((kind) => {
    const all = images
      .filter(({ final }) => final === kind)
      .sort((a, b) => doubt[kind](b) - doubt[kind](a) || (a.path < b.path ? -1 : 1));
    return {
      kind,
      total: all.length,
      images: spread(all, most).map((image) => reported(image, kind, typical, boxesOf)),
    };
  });
}

function reported(image: DecidedImage, kind: GalleryKind, typical: Typical, boxesOf: BoxesOf): ReportedImage {
  const { path, decision, reason, pNoise, evidence, verdict, finalIdentity } = image;
  const identity = image.name;
  const target = kind === 'relabel' ? finalIdentity : null;
  return {
    ...{ path, identity, decision: kind, pNoise },
    reason: isDecisive(verdict)
      ? `${verdict.reviewer} said so; sift said ${decision}: ${reason}`
      : reasonOf({ verdict, reason, evidence }),
    suggestedIdentity: target,
    evidence: reportedEvidence(evidence),
    verdict: verdict && { verdict: verdict.verdict, reviewer: verdict.reviewer, givenAt: verdict.givenAt },
    photo: photoWithFaces(image, boxesOf),
    beside: kind === 'duplicate' ? copied(evidence, identity) : typicalOf(target ?? identity, typical),
  };
}

function photoWithFaces({ image, evidence }: DecidedImage, boxesOf: BoxesOf): ReportedImage['photo'] {
  const { faces = 0, face } = evidence;
  if (faces < 2 || face === undefined) return null;
  const boxes = boxesOf(image.path);
  if (boxes[face] === undefined) return null;
  return { width: image.width ?? 0, height: image.height ?? 0, judged: face + 1, faces: boxes };
}

function typicalOf(identity: string, typical: Typical): ReportedImage['beside'] {
  const paths = typical(identity);
  return paths.length === 0 ? null : { what: 'typical', identity, paths };
}

function copied({ sameAs }: Evidence, identity: string): ReportedImage['beside'] {
  const original = sameAs?.find((same) => same.identity === identity);
  return original ? { what: 'copied', identity, paths: [original.path] } : null;
}

const reportedEvidence = (evidence: Evidence): ReportedEvidence => ({
  angleDegrees: evidence.cosDominant === null ? null : angleDegreesOf(evidence.cosDominant),
  cosOwn: evidence.cosOwn,
  rivalIdentity: evidence.rivalIdentity,
  rivalCos: evidence.rivalCos,
  neighbourAgreement: evidence.neighbourAgreement,
  rivalAgreement: evidence.rivalAgreement,
  trainingMargin: evidence.trainingMargin,
  subcenter: evidence.subcenter,
  dominantSubcenter: evidence.dominantSubcenter,
  quality: evidence.quality,
  faces: evidence.faces ?? null,
  face: evidence.faces && evidence.face !== undefined ? evidence.face + 1 : null,
});
