import { FormatError } from '../../core/errors.js';
import type { DecisionFormat } from './format.js';
import { jsonOf } from './imported-file.js';
import { answerColumns, tableAnswers } from './table-answers.js';

export const jsonlFormat: DecisionFormat = {
  name: 'jsonl',
  endings: ['.jsonl', '.ndjson'],
  write: (decisions, { name }) => [
    { name, content: decisions.map(({ record }) => `${JSON.stringify(record)}\n`).join('') },
  ],
  recognises: (file) => file.endsIn('.jsonl', '.ndjson'),
  read(file) {
    const lines = file.text().split('\n');
    const rows = lines.flatMap((line, i) => (line.trim() === '' ? [] : [parseLine(line, `${file.path}:${i + 1}`)]));
    return tableAnswers(rows, file.path);
  },
};

function parseLine(line: string, place: string): Record<string, string> {
  const value = jsonOf(line, place);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(`${place} must be one JSON object.`);
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, cellOf(item, key, place)]));
}

/** @throws FormatError where a column that is read holds a list or an object */
function cellOf(item: unknown, key: string, place: string): string {
  if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item);
  if (item !== null && answerColumns.includes(key))
    throw new FormatError(`${place}: "${key}" must be text, and is a list or an object.`);
  return '';
}
