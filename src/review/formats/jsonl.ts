import { FormatError } from '../../core/errors.js';
import type { DecisionFormat } from '../format.js';
import { jsonOf } from '../imported-file.js';
import { tableAnswers } from '../table-answers.js';

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
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [key, item === null ? '' : String(item)]),
  );
}
