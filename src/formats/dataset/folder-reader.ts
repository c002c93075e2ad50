import { isFolder } from './find-files.js';
import type { Reader } from './reader.js';
import { treeSource } from './tree.js';

/** One folder a name: SOURCE/NAME/file, or deeper; the first folder below the source is the identity. */
export const folderReader: Reader = {
  name: 'folder',
  recognise: (path) => (isFolder(path) ? 'it is a folder; each folder in it is an identity' : undefined),
  open: (path) => treeSource(path, 0),
};
