import { readCsv, writeCsv, writeSpreadsheetCsv } from '../csv.js';
import { apostrophesOf, SAFE_COLUMN } from './apostrophes.js';
import { decisionColumns } from './decision-table.js';
import type { DecisionFormat } from './format.js';
import { isLabelStudioTable, labelStudioRows } from './label-studio-answers.js';
import { tableAnswers } from './table-answers.js';

export const csvFormat: DecisionFormat = {
  name: 'csv',
  endings: ['.csv', '.tsv'],
  forSpreadsheets: true,
  write(decisions, { name, spreadsheetSafe }) {
    const records = decisions.map(({ record }) => record);
    if (!spreadsheetSafe) return [{ name, content: writeCsv(decisionColumns, records) }];
    const marked = records.map((record) => ({ ...record, [SAFE_COLUMN]: 'yes' }));
    return [{ name, content: writeSpreadsheetCsv([...decisionColumns, SAFE_COLUMN], marked) }];
  },
  recognises: (file) => file.endsIn('.csv', '.tsv'),
  read(file) {
    const rows = readCsv(file.tableText(), file.path);
    if (isLabelStudioTable(rows[0] ?? {})) return labelStudioRows(rows, file.path);
    const apostrophes = apostrophesOf(rows, file.path);
    return tableAnswers(rows, file.path).map((answer, i) => ({ ...answer, apostrophes: apostrophes[i] }));
  },
};
