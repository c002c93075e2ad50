import { writeListed } from './write-listed.js';
import type { Writer } from './writer.js';

/** Files below images/ and set.jsonl, an object for each. */
export const jsonlWriter: Writer = {
  name: 'jsonl',
  filePerImage: true,
  write: (images, out) =>
    writeListed(images, out, {
      name: 'set.jsonl',
      content: (listed, paths) =>
        listed
          .map(({ identity, label, sha256 }, i) => `${JSON.stringify({ path: paths[i], identity, label, sha256 })}\n`)
          .join(''),
    }),
};
