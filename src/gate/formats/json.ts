import { jsonText } from '../../core/text/visible-text.js';
import type { GateFormat } from '../format.js';

export const jsonFormat: GateFormat = {
  name: 'json',
  write: jsonText,
};
