import { archiveReader } from './archive-reader.js';

/** Tar shards as WebDataset, img2dataset and plain tar write them, compressed or not. */
export const webdatasetReader = archiveReader({
  name: 'webdataset',
  ending: /\.(tar|tar\.(gz|zst|xz|bz2|lz4?)|tgz|tzst|txz|tbz2?)$/i,
  one: 'tar archive',
  many: 'tar archives',
});
