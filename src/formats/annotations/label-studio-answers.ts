import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import type { Answer } from './format.js';
import type { ImportedFile } from './imported-file.js';
import { partParser } from './parse-part.js';

const parsed = partParser('Label Studio', 'Export as JSON or JSON-MIN.');

/** A user's number says nothing to anybody outside of that Label Studio. */
const userSchema = z.union([z.number(), z.string(), z.object({ email: z.string().optional() })]).nullish();
const resultSchema = z.object({
  from_name: z.string().optional(),
  value: z
    .object({
      choices: z.array(z.string()).optional(),
      text: z.union([z.string(), z.array(z.string())]).optional(),
      number: z.number().optional(),
    })
    .optional(),
});
const annotationSchema = z.object({
  was_cancelled: z.boolean().nullish(),
  completed_by: userSchema,
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  result: z.array(resultSchema),
});
type Annotation = z.infer<typeof annotationSchema>;

const taskSchema = z.object({
  data: z.object({ path: z.string().optional(), image: z.string().optional() }),
  annotations: z.array(annotationSchema).nullish(),
});

/** One value, several, or an object of them: CSV has these as JSON. */
const cellSchema = z
  .union([z.string(), z.array(z.string()), z.object({ choices: z.array(z.string()) })])
  .optional()
  .transform((cell) => (cell === undefined ? [] : valuesIn(cell)));

function valuesIn(cell: string | string[] | { choices: string[] }): string[] {
  if (Array.isArray(cell)) return cell;
  if (typeof cell === 'object') return cell.choices;
  if (!/^\s*[[{]/.test(cell)) return cell === '' ? [] : [cell];
  try {
    const parsed = z
      .union([z.array(z.string()), z.object({ choices: z.array(z.string()) })])
      .safeParse(JSON.parse(cell));
    return parsed.success ? valuesIn(parsed.data) : [cell];
  } catch {
    return [cell];
  }
}

/** A number as it stands in JSON, or in a table. */
const numberSchema = z
  .union([z.number(), z.string(), z.array(z.unknown())])
  .nullish()
  .transform((cell) => String((Array.isArray(cell) ? cell[0] : cell) ?? ''));

/** A row of JSON-MIN, or of CSV and TSV: a task's data, and one annotation of it by the names of the controls. */
const flatSchema = z.object({
  path: z.string().optional(),
  image: z.string().optional(),
  verdict: cellSchema,
  new_identity: cellSchema,
  right_face: numberSchema,
  annotator: userSchema,
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});

/**
 * Answers of Label Studio's exports JSON and JSON-MIN. Of several annotations of a task the last one counts; skipped ones
 * and predictions are no answers. @throws FormatError
 */
export function labelStudioAnswers(file: ImportedFile): Answer[] {
  const dated = (file.json() as unknown[]).map((task, i) => {
    const place = `${file.path}, task ${i + 1}`;
    const isTask = typeof task === 'object' && task !== null && 'data' in task;
    return isTask ? answerOfTask(task, place) : answerOfRow(task, place);
  });
  return lastOfEach(dated);
}

type Dated = Answer & { at: string };

function answerOfTask(value: unknown, place: string): Dated {
  const { data, annotations } = parsed(taskSchema, value, place);
  const path = data.path ?? data.image;
  if (path === undefined) throw noImage(place);
  const last = (annotations ?? [])
    .filter(({ was_cancelled }) => !was_cancelled)
    .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
    .at(-1);
  if (!last) return { place, path, verdict: '', identity: '', at: '' };
  return {
    ...{ place, path, at: timeOf(last) },
    verdict: valuesOf(last, 'verdict').join(' and '),
    identity: valuesOf(last, 'new_identity').join('\n'),
    face: last.result.find(({ from_name }) => from_name === 'right_face')?.value?.number?.toString(),
    reviewer: reviewerOf(last.completed_by),
  };
}

function answerOfRow(value: unknown, place: string): Dated {
  const row = parsed(flatSchema, value, place);
  const path = row.path ?? row.image;
  if (path === undefined) throw noImage(place);
  return {
    ...{ place, path, reviewer: reviewerOf(row.annotator), at: timeOf(row) },
    verdict: row.verdict.join(' and '),
    identity: row.new_identity.join('\n'),
    face: row.right_face,
  };
}

const noImage = (place: string): FormatError =>
  new FormatError(`${place} names no image: its data has no "path".`, [
    'Make the tasks with `facesieve decisions export --format label-studio`.',
  ]);

/** Columns that Label Studio's CSV and TSV have beside a task's data. */
const ownColumns = ['annotation_id', 'annotator', 'lead_time'];

/** Is this a row of Label Studio's CSV or TSV? There, our own old suggestion stands beside the annotator's answer. */
export const isLabelStudioTable = (row: Readonly<Record<string, string>>): boolean =>
  'verdict' in row && ownColumns.some((column) => column in row);

/** Answers of Label Studio's exports CSV and TSV, as of JSON-MIN. @throws FormatError */
export const labelStudioRows = (rows: readonly Readonly<Record<string, string>>[], file: string): Answer[] =>
  lastOfEach(rows.map((row, i) => answerOfRow(row, `${file}, row ${i + 1}`)));

const valuesOf = ({ result }: Annotation, control: string): string[] =>
  result.filter(({ from_name }) => from_name === control).flatMap(({ value }) => value?.choices ?? value?.text ?? []);

const timeOf = ({ updated_at, created_at }: Pick<Annotation, 'updated_at' | 'created_at'>): string =>
  updated_at ?? created_at ?? '';

function reviewerOf(user: z.infer<typeof userSchema>): string | undefined {
  if (typeof user === 'string') return /^\d*$/.test(user) ? undefined : user;
  return typeof user === 'object' ? user?.email : undefined;
}

/** JSON-MIN has a row for each annotation: an image's last one that says something. */
function lastOfEach(answers: readonly Dated[]): Answer[] {
  const last = new Map<string, Dated>();
  for (const answer of answers) {
    const other = last.get(answer.path);
    if (!other || other.verdict === '' || (answer.verdict !== '' && answer.at >= other.at))
      last.set(answer.path, answer);
  }
  return [...last.values()];
}
