import { archiveReader } from './archive-reader.js';

/** Zip archives of a tree of folders, or one for each person, also within another. */
export const zipReader = archiveReader({
  name: 'zip',
  ending: /\.zip$/i,
  one: 'zip archive',
  many: 'zip archives',
});
