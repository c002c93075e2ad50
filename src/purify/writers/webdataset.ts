import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { randomOf } from '../../core/random.js';
import { endingOf } from '../../images/image-name.js';
import type { OutFolder, OutImage, Writer } from '../writer.js';

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
  const archive = pack();
  const target = createWriteStream(file);
  (archive as unknown as NodeJS.ReadableStream).pipe(target);
  const done = finished(target);
  for (const [i, image] of images.entries()) {
    out.step();
    const bytes = await image.read();
    const key = String(first + i).padStart(9, '0');
    const { path, identity, label, sha256 } = image;
    add(archive, `${key}.${endingOf(bytes)}`, bytes);
    add(archive, `${key}.cls`, Buffer.from(String(label)));
    add(archive, `${key}.json`, Buffer.from(JSON.stringify({ path, identity, label, sha256 })));
    if (target.writableNeedDrain) await once(target, 'drain');
  }
  archive.finalize();
  await done;
}

/** Times are left at zero: the same set gives the same bytes. */
const add = (archive: Pack, name: string, bytes: Uint8Array): void => {
  archive.entry({ name, mtime: new Date(0), mode: 0o644 }, Buffer.from(bytes));
};
