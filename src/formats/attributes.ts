import { existsSync } from 'node:fs';
import { EmptyInputError, FormatError, PathError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { readGivenText } from '../core/regular-file.js';
import { readCsvLines } from './csv.js';
import type { Attributes, Dataset } from '../core/face-set.js';

const PATH = 'path';
/** -1 is CelebA's no. */
const MEANINGS: Record<string, number> = { '1': 1, true: 1, yes: 1, '0': 0, false: 0, no: 0, '-1': 0, '': -1 };
const MISSING = -1;

/**
 * What the CSV `file` of a loss says of the images in `slots`: a column `path`, relative to the source, and a column per
 * attribute with 1, 0 or nothing. Images that it does not name are not known.
 * @throws PathError, FormatError with file and line, EmptyInputError when it names no image of the set
 */
export function attributesOf(file: string, { images }: Dataset, slots: Int32Array): Attributes {
  const { names, rowOf } = readAttributes(file);
  const pathOf = new Map(images.map(({ slot, path }) => [slot, path]));
  const values = new Float32Array(slots.length * names.length).fill(MISSING);
  slots.forEach((slot, i) => {
    const row = rowOf.get(pathOf.get(slot) ?? '');
    if (row) values.set(row, i * names.length);
  });
  if (!values.some((value) => value !== MISSING))
    throw new EmptyInputError(`"${file}" tells nothing of the ${slots.length} images that are trained on.`, [
      `Its column "${PATH}" must hold paths relative to the ingested source, such as "${images[0].path}".`,
    ]);
  return { names, values, shares: names.map((_, column) => shareOf(values, column, names.length)) };
}

function readAttributes(file: string): { names: string[]; rowOf: Map<string, number[]> } {
  if (!existsSync(file))
    throw new PathError(`There is no attributes file "${file}".`, ['Check lossSettings.attributes.']);
  const lines = readCsvLines(readGivenText(file), file);
  const columns = Object.keys(lines[0]?.values ?? {});
  const names = columns.filter((column) => column !== PATH);
  if (!columns.includes(PATH) || names.length === 0)
    throw new FormatError(
      `${file}: a column "${PATH}" and at least one attribute were expected; there are ${columns.join(', ') || 'none'}.`,
      suggestName(PATH, columns),
    );
  const meaningOf = (text: string, line: number): number => {
    const meaning = MEANINGS[text.trim().toLowerCase()];
    if (meaning === undefined)
      throw new FormatError(`${file}:${line}: "${text}" is neither 1 nor 0; leave it empty when it is not known.`);
    return meaning;
  };
  const rows = lines.map(
    ({ line, values }) => [values[PATH], names.map((name) => meaningOf(values[name], line))] as const,
  );
  return { names, rowOf: new Map(rows) };
}

/** Kept off 0 and 1, where nothing could be weighed against it. */
function shareOf(values: Float32Array, column: number, attributes: number): number {
  let [known, having] = [0, 0];
  for (let at = column; at < values.length; at += attributes) {
    if (values[at] === MISSING) continue;
    known++;
    having += values[at];
  }
  return (having + 1) / (known + 2);
}
