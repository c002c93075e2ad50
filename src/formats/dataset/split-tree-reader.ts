import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from './find-files.js';
import { isSplitName } from './layout.js';
import type { Reader } from './reader.js';
import { treeSource } from './tree.js';

/** A tree as VGGFace2 has it: SOURCE/train/NAME/file. All folders below the source are splits, the next are identities. */
export const splitTreeReader: Reader = {
  name: 'split-tree',
  recognise(path) {
    if (!isFolder(path)) return undefined;
    const folders = readdirSync(path).filter((name) => !name.startsWith('.') && isFolder(join(path, name)));
    return folders.length > 0 && folders.every(isSplitName)
      ? `its folders (${folders.join(', ')}) are named for parts of a set; each folder in them is an identity`
      : undefined;
  },
  open: treeSource,
};
