import type { GateFormat } from '../format.js';

export const jsonFormat: GateFormat = {
  name: 'json',
  write: (result) => `${JSON.stringify(result, null, 2)}\n`,
};
