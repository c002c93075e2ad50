import { isFolder } from './find-files.js';
import type { Reader } from './reader.js';
import { treeSource } from './tree.js';

/** One folder a name: SOURCE/NAME/file, or deeper; layout.ts finds the level of folders that names people. */
export const folderReader: Reader = {
  name: 'folder',
  recognise: (path) => (isFolder(path) ? 'it is a folder of images in folders' : undefined),
  open: treeSource,
};
