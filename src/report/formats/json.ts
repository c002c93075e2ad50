import type { ReportFormat } from '../format.js';

/** The value itself. */
export const jsonFormat: ReportFormat = {
  name: 'json',
  ending: '.json',
  pictures: false,
  write: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
