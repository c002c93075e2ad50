import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { ingest } from '../../../src/pipeline/ingest.js';
import { allImages } from '../../../src/workspace/images.js';
import { contextOf } from '../../helpers/context.js';
import { longLivedFolder, portrait, temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';

let crawl: string;
/** What the reason of each damaged file must say, by path. */
const expected = new Map<string, RegExp>();

const saved: Record<string, (image: Sharp) => Sharp> = {
  JPEG: (image) => image.jpeg(),
  'JPEG progressive': (image) => image.jpeg({ progressive: true }),
  PNG: (image) => image.png(),
  WebP: (image) => image.webp(),
  AVIF: (image) => image.avif({ effort: 0 }),
  GIF: (image) => image.gif(),
  TIFF: (image) => image.tiff({ compression: 'none' }),
};

/** A byte too many before a marker: decoders warn, and go on. */
function warning(jpeg: Buffer): Buffer {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc4]));
  return Buffer.concat([jpeg.subarray(0, at), Buffer.of(0), jpeg.subarray(at)]);
}

beforeAll(async () => {
  crawl = longLivedFolder();
  const files: Record<string, Uint8Array | string> = {};
  const damaged = (name: string, bytes: Uint8Array | string, tells: RegExp): void => {
    files[`Ada/${name}`] = bytes;
    expected.set(`Ada/${name}`, tells);
  };
  for (let take = 0; take < 4; take++) {
    const image = sharp(await portrait('A', take)).resize(96, 96);
    files[`Bo/${take}-warns.jpg`] = warning(await image.clone().jpeg().toBuffer());
    files[`Bo/${take}.jpg`] = await portrait('B', take);
    for (const [kind, save] of Object.entries(saved)) {
      const bytes = await save(image.clone()).toBuffer();
      const [name] = kind.split(' ');
      damaged(
        `${take}-${kind}.jpg`,
        bytes.subarray(0, bytes.length / 2),
        new RegExp(`an? ${name}.* whose end is missing`),
      );
    }
    const png = await image.clone().png().toBuffer();
    const middle = png.length >> 1;
    damaged(
      `${take}-data.png`,
      Buffer.concat([png.subarray(0, middle), Buffer.alloc(40), png.subarray(middle + 40)]),
      /a PNG whose data is damaged/,
    );
  }
  damaged('empty.jpg', '', /the file is empty/);
  damaged('page.jpg', '<!DOCTYPE html><html><body>403</body></html>', /a web page, and no image/);
  damaged('drawing.png', '<svg xmlns="http://www.w3.org/2000/svg"/>', /a drawing \(SVG\), and no image/);
  damaged('text.png', 'quota exceeded', /it is no image of a kind/);
  damaged('zeros.jpg', Buffer.alloc(900), /nothing but zeros/);
  damaged('bitmap.bmp', Buffer.from('BM\0\0\0\0'), /a BMP, and its end is missing/);
  damaged('paper.jpg', '%PDF-1.7', /a PDF, and no image/);
  const large = sharp({ create: { width: 2000, height: 600, channels: 3, background: '#888' } });
  damaged('large.png', await large.png().toBuffer(), /2000 x 600 pixels, more than the 1000000 allowed/);
  writeFiles(crawl, files);
});

it('gives each unreadable image a reason of its own, the same in every run at any number of threads', async () => {
  expect(expected.size).toBe(40);
  const reasons = new Set<string>();
  for (let run = 0; run < 10; run++) {
    const context = contextOf(join(temporaryFolder(), 'workspace'), { threads: 1 + (run % 2), maxPixels: 1_000_000 });
    const { result } = await ingest(context, crawl);
    const rows = allImages(context.workspace).map(({ path, state, error }) => ({ path, state, error }));
    for (const { path, state, error } of rows) {
      const tells = expected.get(path);
      expect([path, state]).toEqual([path, tells ? 'unreadable' : 'ok']);
      if (tells) expect(`${path}: ${error}`).toMatch(tells);
    }
    reasons.add(JSON.stringify([rows, result.notUsed]));
  }
  expect(reasons.size).toBe(1);
});
