import { writeListed } from './write-listed.js';
import type { Writer } from './writer.js';

/** Files below images/ and set.lst as im2rec reads it: number, label, path, with tabs. */
export const lstWriter: Writer = {
  name: 'lst',
  filePerImage: true,
  write: (images, out) =>
    writeListed(images, out, {
      name: 'set.lst',
      content: (listed, paths) => listed.map(({ label }, i) => `${i}\t${label}\t${paths[i]}\n`).join(''),
    }),
};
