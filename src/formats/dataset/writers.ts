import type { Writer } from './writer.js';
import { csvWriter } from './csv-writer.js';
import { folderWriter } from './folder-writer.js';
import { jsonlWriter } from './jsonl-writer.js';
import { lstWriter } from './lst-writer.js';
import { parquetWriter } from './parquet-writer.js';
import { recordioWriter } from './recordio-writer.js';
import { webdatasetWriter } from './webdataset-writer.js';

/** Every format of a purified set: one file and one line here. Each needs a reader of the same name. */
export const writers: readonly Writer[] = [
  folderWriter,
  recordioWriter,
  webdatasetWriter,
  lstWriter,
  csvWriter,
  jsonlWriter,
  parquetWriter,
];

export const writerNames = writers.map(({ name }) => name);
