import type { Writer } from './writer.js';
import { folderWriter } from './writers/folder.js';

/** Every format of a purified set: one file and one line here. */
export const writers: readonly Writer[] = [folderWriter];

export const writerNames = writers.map(({ name }) => name);
