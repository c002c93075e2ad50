import type { Writer } from './writer.js';
import { csvWriter } from './writers/csv.js';
import { folderWriter } from './writers/folder.js';
import { jsonlWriter } from './writers/jsonl.js';
import { lstWriter } from './writers/lst.js';
import { parquetWriter } from './writers/parquet.js';
import { recordioWriter } from './writers/recordio.js';
import { webdatasetWriter } from './writers/webdataset.js';

/** Every format of a purified set: one file and one line here. */
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
