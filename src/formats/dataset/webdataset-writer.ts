import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { writeFully } from '../../core/atomic-write.js';
import { randomOf } from '../../core/random.js';
import { endingOf } from '../../images/image-name.js';
import type { OutFolder, OutImage, Writer } from './writer.js';

/** Samples a shard: some 100 MB of crawled photographs. */
const SHARD = 1000;

/**
 * Tar shards of samples KEY.jpg, KEY.cls (the label) and KEY.json (path, identity, label, sha256), shuffled: who trains
 * from a stream sees what is together in a shard together.
 */
export const webdatasetWriter: Writer = {
  name: 'webdataset',
  filePerImage: false,
  async write(images, out) {
    const order = randomOf(out.seed, 'shards').shuffle(Int32Array.from(images.keys()));
    for (let from = 0, shard = 0; from < order.length; from += SHARD, shard++)
      await writeShard(
        join(out.folder, `shard-${String(shard).padStart(6, '0')}.tar`),
        Array.from(order.subarray(from, from + SHARD), (i) => images[i]),
        from,
        out,
      );
    return images.map(({ path }) => path);
  },
};

async function writeShard(file: string, images: readonly OutImage[], first: number, out: OutFolder): Promise<void> {
  const handle = openSync(file, 'w');
  try {
    for (const [i, image] of images.entries()) {
      out.step();
      writeFully(handle, await sampleOf(image, String(first + i).padStart(9, '0')));
    }
    writeFully(handle, new Uint8Array(TRAILER));
  } finally {
    closeSync(handle);
  }
}

/** Zeros at the end of a tar. */
const TRAILER = 1024;

/** The entries of one image. Times are left at zero: the same set gives the same bytes. */
async function sampleOf(image: OutImage, key: string): Promise<Uint8Array> {
  const { path, identity, label, sha256 } = image;
  const bytes = await image.read();
  const archive = pack();
  const add = (name: string, content: Uint8Array): void => {
    archive.entry({ name, mtime: new Date(0), mode: 0o644 }, Buffer.from(content));
  };
  add(`${key}.${endingOf(bytes)}`, bytes);
  add(`${key}.cls`, Buffer.from(String(label)));
  add(`${key}.json`, Buffer.from(JSON.stringify({ path, identity, label, sha256 })));
  archive.finalize();
  const whole = await buffer(archive as unknown as AsyncIterable<Uint8Array>);
  return whole.subarray(0, whole.length - TRAILER);
}
