import { z } from 'zod';
import { detectionFiguresSchema, expectedSchema, noiseRateSchema, verificationFiguresSchema } from '../figures.js';
import { findRun, type Run } from '../../workspace/runs.js';
import { currentKey, finishedWork, type FinishedWork } from '../../workspace/stage.js';
import type { Workspace } from '../../workspace/workspace.js';

/** What stages stored, as far as a report tells it. Everything may be missing: other versions stored other things. */
const ingestSchema = z
  .object({
    notUsed: z.array(z.object({ reason: z.string(), count: z.number().int() })),
    severalFaces: z.number().int(),
  })
  .partial();
const siftSchema = z
  .object({
    noiseRate: noiseRateSchema,
    expected: expectedSchema,
    cut: z.object({ dropAt: z.number(), reviewAt: z.number() }),
    proposals: z.object({ merges: z.number(), splits: z.number() }),
    overlap: z.object({
      images: z.array(z.object({ path: z.string(), reference: z.string(), same: z.enum(['file', 'picture']) })),
      people: z.array(z.object({ identity: z.string(), reference: z.string(), cosine: z.number() })),
    }),
  })
  .partial();
const evaluateSchema = z
  .object({
    of: z.object({ sift: z.string() }),
    verification: z
      .object({ before: verificationFiguresSchema, after: verificationFiguresSchema.optional() })
      .nullable(),
    detection: detectionFiguresSchema,
  })
  .partial();

export type SiftFigures = z.infer<typeof siftSchema>;

/** The work that a sift run stands on, and what was built on it. */
export interface Chain {
  sift: Run;
  train: Run | undefined;
  retrain: Run | undefined;
  /** In the order of the pipeline. */
  work: FinishedWork[];
  figures: {
    ingest: z.infer<typeof ingestSchema>;
    sift: SiftFigures;
    evaluate: z.infer<typeof evaluateSchema>;
  };
  /** There is an evaluation, but of another sift run. */
  evaluatedAnother: boolean;
}

export function readChain(workspace: Workspace, sift: Run): Chain {
  const current = (stage: string): string => currentKey(workspace, stage) ?? '';
  const retrain = madeFrom(findRun(workspace, current('retrain')), sift);
  const evaluated = finishedWork(workspace, current('evaluate'));
  const evaluation = parsed(evaluateSchema, evaluated);
  const ofThis = evaluation.of?.sift === sift.id;
  const keys = [current('ingest'), sift.parent, sift.id, current('purify'), retrain?.id, ofThis && evaluated?.key];
  const work = keys.flatMap((key) => (key && finishedWork(workspace, key)) || []);
  const resultOf = (stage: string): FinishedWork | undefined => work.find((done) => done.stage === stage);
  return {
    sift,
    train: sift.parent === null ? undefined : findRun(workspace, sift.parent),
    retrain,
    work,
    figures: {
      ingest: parsed(ingestSchema, resultOf('ingest')),
      sift: parsed(siftSchema, resultOf('sift')),
      evaluate: ofThis ? evaluation : {},
    },
    evaluatedAnother: evaluated !== undefined && !ofThis,
  };
}

const madeFrom = (run: Run | undefined, sift: Run): Run | undefined =>
  (run?.inputs as { sift?: string } | undefined)?.sift === sift.id ? run : undefined;

/** Nothing known when it was stored in another form. */
function parsed<S extends z.ZodType>(schema: S, work: FinishedWork | undefined): Partial<z.infer<S>> {
  const result = schema.safeParse(work?.result);
  return result.success ? (result.data as Partial<z.infer<S>>) : {};
}
