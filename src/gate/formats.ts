import type { GateFormat } from './format.js';
import { githubFormat } from './formats/github.js';
import { jsonFormat } from './formats/json.js';
import { junitFormat } from './formats/junit.js';
import { markdownFormat } from './formats/markdown.js';
import { sarifFormat } from './formats/sarif.js';
import { textFormat } from './formats/text.js';

/** Every format of a gate's result: one file and one line here. */
export const gateFormats: readonly GateFormat[] = [
  textFormat,
  jsonFormat,
  junitFormat,
  sarifFormat,
  markdownFormat,
  githubFormat,
];

export const gateFormatNames = gateFormats.map(({ name }) => name);
