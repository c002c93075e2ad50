import { z } from 'zod';
import { mergeProposalSchema, splitProposalSchema } from '../identities/proposals.js';
import { decisionSchema, verdictSchema } from '../core/records.js';
import { anglesSchema } from './angles.js';
import { detectionSchema } from '../metrics/detection.js';
import { verificationSchema } from '../metrics/verification.js';
import { comparisonSchema, noiseRateSchema } from '../workspace/results.js';

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);

/** What is known of one image; null = not known. Names say the direction: docs/calibrated-rule.md. */
export const reportedEvidenceSchema = z.object({
  /** To the dominant sub-centre. */
  angleDegrees: z.number().nullable(),
  cosOwn: z.number().nullable(),
  rivalIdentity: z.string().nullable(),
  rivalCos: z.number().nullable(),
  neighbourAgreement: share.nullable(),
  rivalAgreement: share.nullable(),
  trainingMargin: z.number().nullable(),
  subcenter: z.number().int().nullable(),
  dominantSubcenter: z.number().int().nullable(),
  quality: z.number().nullable(),
  /** Faces found in it; null without detection. */
  faces: z.number().int().nullable(),
  /** Number, from 1, of the face that was judged; null where none was found or none was looked for. */
  face: z.number().int().nullable(),
});
export type ReportedEvidence = z.infer<typeof reportedEvidenceSchema>;

/** One image of a gallery, with what it should be looked at beside: typical faces of a name, or what it copies. */
export const reportedImageSchema = z.object({
  path: z.string(),
  identity: z.string(),
  decision: decisionSchema,
  reason: z.string(),
  suggestedIdentity: z.string().nullable(),
  pNoise: share.nullable(),
  evidence: reportedEvidenceSchema,
  verdict: z.object({ verdict: verdictSchema, reviewer: z.string(), givenAt: z.string() }).nullable(),
  /** Of a photograph with several faces: its size, and their boxes in its pixels, in the order of their numbers. */
  photo: z
    .object({
      ...{ width: count, height: count },
      judged: z.number().int(),
      faces: z.array(z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })),
    })
    .nullable(),
  beside: z
    .object({ what: z.enum(['typical', 'copied']), identity: z.string(), paths: z.array(z.string()) })
    .nullable(),
});
export type ReportedImage = z.infer<typeof reportedImageSchema>;

/** The decisions that have a gallery, in the order of the page. */
export const galleryKinds = ['drop', 'relabel', 'review', 'hard', 'duplicate'] as const;
export type GalleryKind = (typeof galleryKinds)[number];

const gallerySchema = z.object({ kind: z.enum(galleryKinds), total: count, images: z.array(reportedImageSchema) });
export type Gallery = z.infer<typeof gallerySchema>;

const identityNoiseSchema = z.object({
  identity: z.string(),
  /** Images by what became of them. */
  counts: z.record(decisionSchema, count),
  images: count,
  /** Dropped and relabelled. */
  noise: count,
  /** Mean of p_noise over its images; null where none has one. */
  estimated: share.nullable(),
});
export type IdentityNoise = z.infer<typeof identityNoiseSchema>;

const overlapSchema = z.object({
  images: count,
  people: count,
  shownImages: z.array(z.object({ path: z.string(), reference: z.string(), same: z.enum(['file', 'picture']) })),
  shownPeople: z.array(
    z.object({
      ...{ identity: z.string(), reference: z.string(), cosine: z.number() },
      ...{ paths: z.array(z.string()), referencePaths: z.array(z.string()) },
    }),
  ),
});

/** The figures of a network that a report tells. */
const verificationFiguresSchema = verificationSchema.omit({ atFar: true, byQuality: true });
export type VerificationFigures = z.infer<typeof verificationFiguresSchema>;

export const epochsSchema = z.array(z.object({ loss: z.number(), meanAngleDegrees: z.number() }));

/** What a workspace holds, for people to read: the value that every format of a report is written from. */
export const reportSchema = z.object({
  source: z.string(),
  reference: z.string().nullable(),
  /** When the newest thing in it was done; ISO, UTC. */
  madeAt: z.string(),
  versions: z.record(z.string(), z.string()),
  /** What a reader should know before anything else. */
  notes: z.array(z.string()),
  rule: z.string(),

  images: count,
  identities: count,
  noiseRate: noiseRateSchema,
  /** Of what sift called noise, by its own reckoning. */
  expected: z.object({ precision: share.nullable(), recall: share.nullable() }).nullable(),
  /** Verdicts of people applied. */
  decisions: z.record(decisionSchema, count),
  /** As sift decided. */
  sifted: z.record(decisionSchema, count),
  verdicts: count,
  kept: z.object({ images: count, identities: count, emptied: z.array(z.string()) }),

  angles: anglesSchema.nullable(),
  /** The identities with the most noise among their images, the worst first. */
  worst: z.object({ total: count, identities: z.array(identityNoiseSchema) }),
  galleries: z.array(gallerySchema),
  merges: z.object({ total: count, proposals: z.array(mergeProposalSchema) }).nullable(),
  splits: z.object({ total: count, proposals: z.array(splitProposalSchema) }).nullable(),
  /** What people said of names, in order. */
  names: z.array(z.object({ says: z.string(), reviewer: z.string(), givenAt: z.string() })),
  overlap: overlapSchema.nullable(),

  training: z.array(z.object({ run: z.string(), stage: z.enum(['train', 'retrain']), epochs: epochsSchema })),
  /** Of the networks that may be told of these pairs. */
  verification: z
    .object({ before: verificationFiguresSchema.optional(), after: verificationFiguresSchema.optional() })
    .nullable(),
  /** What cleaning is worth, on people held out of training; null where that was not measured. */
  comparison: comparisonSchema.nullable(),
  detection: detectionSchema.nullable(),

  /** Everything in the source that was not used. */
  skipped: z.object({
    total: count,
    reasons: z.array(z.object({ reason: z.string(), count })),
    examples: z.array(z.object({ path: z.string(), why: z.string() })),
    noFace: count,
    severalFaces: count,
  }),
  stages: z.array(z.object({ stage: z.string(), id: z.string(), finishedAt: z.string(), seconds: z.number() })),
  /** `changed` names those that are not the default. */
  settings: z.array(
    z.object({ stage: z.string(), values: z.record(z.string(), z.unknown()), changed: z.array(z.string()) }),
  ),
});
export type Report = z.infer<typeof reportSchema>;

/** JPEG bytes of the pictures that a report shows, by the image's path; some or all may be missing. */
export interface Pictures {
  crops: ReadonlyMap<string, Uint8Array>;
  /** Whole photographs, of those with several faces. */
  photos: ReadonlyMap<string, Uint8Array>;
}

/** The images that a report shows, each once. */
export function shownPaths({ galleries, merges, splits, overlap }: Report): string[] {
  const ofGalleries = galleries.flatMap(({ images }) =>
    images.flatMap(({ path, beside }) => [path, ...(beside?.paths ?? [])]),
  );
  const ofMerges = (merges?.proposals ?? []).flatMap(({ examples }) => examples.flatMap(({ a, b }) => [a, b]));
  const ofSplits = (splits?.proposals ?? []).flatMap(({ groups }) => groups.flatMap(({ images }) => images));
  const ofOverlap = overlap
    ? [
        ...overlap.shownImages.flatMap(({ path, reference }) => [path, reference]),
        ...overlap.shownPeople.flatMap(({ paths, referencePaths }) => [...paths, ...referencePaths]),
      ]
    : [];
  return [...new Set([...ofGalleries, ...ofMerges, ...ofSplits, ...ofOverlap])];
}
