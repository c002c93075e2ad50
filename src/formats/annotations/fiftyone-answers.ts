import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import { answerOfLabel, isAnswerLabel, UNANSWERED } from './answer-labels.js';
import type { Answer } from './format.js';
import type { ImportedFile } from './imported-file.js';
import { partParser } from './parse-part.js';

const parsed = partParser(
  'FiftyOne',
  'Export a FiftyOneImageClassificationDataset or a FiftyOneDataset: docs/exchange.md shows how.',
);

const text = z.string().optional().catch(undefined);
/** The number of a face: FiftyOne's own fields hold numbers. */
const face = z
  .union([z.string(), z.number()])
  .optional()
  .catch(undefined)
  .transform((value) => (value === undefined ? undefined : String(value)));
const labelSchema = z.object({
  label: z.string(),
  attributes: z.object({ path: text, decision: text, verdict: text, new_identity: text, face }).partial().default({}),
});
const labelsSchema = z.object({
  classes: z.array(z.string()).nullish(),
  labels: z.record(z.string(), z.unknown()),
});

/** Answers of a labels.json. A label that still is our decision was not touched. @throws FormatError */
export function labelsAnswers(file: ImportedFile): Answer[] {
  const { classes, labels } = parsed(labelsSchema, file.json(), file.path);
  return Object.entries(labels).flatMap(([key, target]) => {
    const place = `${file.path}, "${key}"`;
    if (target === null) return [];
    const { label, attributes } =
      typeof target === 'object' ? parsed(labelSchema, target, place) : plain(target, classes, place);
    const { path = key, decision, verdict, new_identity: identity = '', face } = attributes;
    const untouched = verdict === undefined && label === decision;
    if (untouched || label === UNANSWERED) return [];
    const answer = answerOfLabel(label);
    return [{ place, path, withoutEnding: true, face, ...answer, identity: answer.identity || identity }];
  });
}

/** A target is a label, or its number among the classes. */
function plain(
  target: unknown,
  classes: readonly string[] | null | undefined,
  place: string,
): z.infer<typeof labelSchema> {
  const label = typeof target === 'number' ? classes?.[target] : target;
  if (typeof label !== 'string') throw new FormatError(`${place} has no label that is known.`);
  return { label, attributes: {} };
}

const sampleSchema = z.object({
  filepath: z.string(),
  tags: z.array(z.string()).default([]),
  verdict: z.object({ label: z.string(), new_identity: text, face }).nullish(),
});
const samplesSchema = z.object({ samples: z.array(z.unknown()) });

/** Answers of a samples.json: the field `verdict`, or else the tags that are verdicts. @throws FormatError */
export const samplesAnswers = (file: ImportedFile): Answer[] =>
  parsed(samplesSchema, file.json(), file.path).samples.flatMap((sample, i) => {
    const place = `${file.path}, sample ${i + 1}`;
    const { filepath: path, tags, verdict } = parsed(sampleSchema, sample, place);
    if (!verdict) return tags.filter(isAnswerLabel).map((tag) => ({ place, path, ...answerOfLabel(tag) }));
    const answer = answerOfLabel(verdict.label);
    return [{ place, path, face: verdict.face, ...answer, identity: answer.identity || (verdict.new_identity ?? '') }];
  });
