import { jsonText } from '../../report/visible-text.js';
import type { GateFormat } from '../format.js';

export const jsonFormat: GateFormat = {
  name: 'json',
  write: jsonText,
};
