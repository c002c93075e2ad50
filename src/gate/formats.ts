import type { GateFormat } from './format.js';
import { jsonFormat } from './formats/json.js';
import { textFormat } from './formats/text.js';

/** Every format of a gate's result: one file and one line here. */
export const gateFormats: readonly GateFormat[] = [textFormat, jsonFormat];

export const gateFormatNames = gateFormats.map(({ name }) => name);
