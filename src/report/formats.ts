import type { ReportFormat } from './format.js';
import { htmlFormat } from './formats/html.js';
import { jsonFormat } from './formats/json.js';
import { markdownFormat } from './formats/markdown.js';

/** Every format of a report: one file and one line here. The first is the default. */
export const reportFormats: readonly ReportFormat[] = [htmlFormat, markdownFormat, jsonFormat];

export const reportFormatNames = reportFormats.map(({ name }) => name);

/** The format called `name`; without a name the one that `file` ends like, or the first. */
export const reportFormatOf = (name: string | undefined, file = ''): ReportFormat =>
  reportFormats.find((format) => (name === undefined ? file.endsWith(format.ending) : format.name === name)) ??
  reportFormats[0];
