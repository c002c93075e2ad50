import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFully } from '../../core/atomic-write.js';
import { FacesieveError } from '../../core/errors.js';
import { endingOf } from '../../images/image-name.js';
import { encodeRecord } from './recordio-frames.js';
import type { OutImage, Writer } from './writer.js';

/** Record numbers stand in float32 labels, which are exact up to here. */
const MOST_RECORDS = 2 ** 24;

/**
 * train.rec, train.idx and property, in the form that MXNet's and PyTorch's trainers read: record 0 names the range of
 * the identity records, which follow the images and name the range of each identity's images.
 */
export const recordioWriter: Writer = {
  name: 'recordio',
  filePerImage: false,
  async write(images, { folder, identities, size, step }) {
    if (images.length + identities.length >= MOST_RECORDS)
      throw new FacesieveError(`RecordIO's header cannot name more than ${MOST_RECORDS} records.`, [
        'facesieve purify --format webdataset',
      ]);
    const first = images.length + 1; // of the identity records
    const handle = openSync(join(folder, 'train.rec'), 'w');
    const index: string[] = [];
    const paths: string[] = [];
    let offset = 0;
    const append = (id: number, labels: readonly number[], bytes: Uint8Array): void => {
      const record = encodeRecord(id, labels, bytes);
      index.push(`${id}\t${offset}\n`);
      writeFully(handle, record);
      offset += record.length;
    };
    const nothing = new Uint8Array(0);
    try {
      append(0, [first, first + identities.length], nothing);
      for (const [i, image] of images.entries()) {
        step();
        const bytes = await image.read();
        append(i + 1, [image.label], bytes);
        paths.push(`${String(i + 1).padStart(9, '0')}.${endingOf(bytes)}`);
      }
      for (const [label, range] of rangesOf(images, identities.length).entries()) append(first + label, range, nothing);
    } finally {
      closeSync(handle);
    }
    writeFileSync(join(folder, 'train.idx'), index.join(''));
    writeFileSync(join(folder, 'property'), `${identities.length},${size},${size}`);
    return paths;
  },
};

/** First and one past the last record of each label; images come by label. */
function rangesOf(images: readonly OutImage[], labels: number): [number, number][] {
  const ranges: [number, number][] = [];
  let next = 0;
  for (let label = 0; label < labels; label++) {
    const start = next;
    while (next < images.length && images[next].label === label) next++;
    ranges.push([start + 1, next + 1]);
  }
  return ranges;
}
