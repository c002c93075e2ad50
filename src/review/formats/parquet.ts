import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { openParquet } from '../../sources/parquet-rows.js';
import { type DecisionColumn, decisionColumns } from '../decision-table.js';
import type { DecisionFormat } from '../format.js';
import { tableAnswers } from '../table-answers.js';

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
};

const wanted: readonly string[] = ['path', 'verdict', 'suggested_identity'] satisfies DecisionColumn[];

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
    for await (const row of rows(wanted.filter((column) => columns.includes(column))))
      read.push(Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? '')])));
    return tableAnswers(read, file.path);
  },
};
