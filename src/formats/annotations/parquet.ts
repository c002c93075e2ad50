import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { openParquet } from '../dataset/parquet-rows.js';
import { type DecisionColumn, decisionColumns } from './decision-table.js';
import type { DecisionFormat } from './format.js';
import { answerColumns, tableAnswers } from './table-answers.js';

/** Columns that hold no text. */
const numbers: Partial<Record<DecisionColumn, BasicType>> = {
  p_noise: 'DOUBLE',
  cos_dominant: 'DOUBLE',
  angle_dominant_deg: 'DOUBLE',
  subcenter: 'INT32',
  dominant_subcenter: 'INT32',
  dominant_share: 'DOUBLE',
  neighbour_agreement: 'DOUBLE',
  rival_cos: 'DOUBLE',
  quality: 'DOUBLE',
  face: 'INT32',
};

export const parquetFormat: DecisionFormat = {
  name: 'parquet',
  endings: ['.parquet'],
  write(decisions, { name }) {
    const columnData = decisionColumns.map((column) => ({
      name: column,
      data: decisions.map(({ record }) => record[column]),
      type: numbers[column] ?? ('STRING' as const),
      nullable: true,
    }));
    return [{ name, content: new Uint8Array(parquetWriteBuffer({ columnData })) }];
  },
  recognises: (file) => file.endsIn('.parquet'),
  async read(file) {
    const { columns, rows } = await openParquet(file.path);
    const read: Record<string, string>[] = [];
    for await (const row of rows(answerColumns.filter((column) => columns.includes(column))))
      read.push(Object.fromEntries(Object.entries(row).map(([key, value]) => [key, cellOf(value)])));
    return tableAnswers(read, file.path);
  },
};

/** Lists and objects say nothing. */
const cellOf = (value: unknown): string =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : '';
