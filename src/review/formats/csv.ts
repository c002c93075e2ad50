import { readCsv, writeCsv } from '../../report/csv.js';
import { decisionColumns } from '../decision-table.js';
import type { DecisionFormat } from '../format.js';

export const csvFormat: DecisionFormat = {
  name: 'csv',
  endings: ['.csv'],
  write: (records) =>
    writeCsv(
      decisionColumns,
      records.map((record) =>
        Object.fromEntries(
          Object.entries(record).map(([column, value]) => [column, value === null ? '' : String(value)]),
        ),
      ),
    ),
  read: readCsv,
};
