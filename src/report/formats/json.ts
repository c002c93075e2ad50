import { jsonText } from '../../core/text/visible-text.js';
import type { ReportFormat } from '../format.js';

/** The value itself. */
export const jsonFormat: ReportFormat = {
  name: 'json',
  ending: '.json',
  pictures: false,
  write: jsonText,
};
