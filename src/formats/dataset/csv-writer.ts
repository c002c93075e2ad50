import { writeCsv } from '../csv.js';
import { writeListed } from './write-listed.js';
import type { Writer } from './writer.js';

/** Files below images/ and set.csv, a row for each. */
export const csvWriter: Writer = {
  name: 'csv',
  filePerImage: true,
  write: (images, out) =>
    writeListed(images, out, {
      name: 'set.csv',
      content: (listed, paths) =>
        writeCsv(
          ['path', 'identity', 'label', 'sha256'],
          listed.map(({ identity, label, sha256 }, i) => ({ path: paths[i], identity, label: String(label), sha256 })),
        ),
    }),
};
