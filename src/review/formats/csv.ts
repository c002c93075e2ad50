import { readCsv, writeCsv } from '../../report/csv.js';
import { decisionColumns } from '../decision-table.js';
import type { DecisionFormat } from '../format.js';
import { tableAnswers } from '../table-answers.js';

export const csvFormat: DecisionFormat = {
  name: 'csv',
  endings: ['.csv'],
  write: (decisions, { name }) => [
    {
      name,
      content: writeCsv(
        decisionColumns,
        decisions.map(({ record }) => record),
      ),
    },
  ],
  recognises: (file) => file.endsIn('.csv'),
  read: (file) => tableAnswers(readCsv(file.text(), file.path), file.path),
};
