import { FormatError } from '../../core/errors.js';
import type { DecisionFormat } from '../format.js';

export const jsonlFormat: DecisionFormat = {
  name: 'jsonl',
  endings: ['.jsonl', '.ndjson'],
  write: (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  read: (text, file) =>
    text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseLine(line, `${file}:${i + 1}`)])),
};

function parseLine(line: string, place: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new FormatError(`${place} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(`${place} must be one JSON object.`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, item === null ? '' : String(item)]));
}
