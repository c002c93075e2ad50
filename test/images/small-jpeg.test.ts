import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode.js';
import { decodeSmallJpeg } from '../../src/images/small-jpeg.js';
import { portrait } from '../helpers/tiny-crawl.js';

let picture: Buffer;
beforeAll(async () => {
  picture = await portrait('A', 1);
});
const image = (width = 61, height = 47): Sharp => sharp(picture).resize(width, height, { fit: 'fill' });
const small = (bytes: Uint8Array, most = 1e6) => decodeSmallJpeg(bytes, most, () => true);

/** The pixels as sharp gives them; undefined where it refuses. */
async function referee(bytes: Uint8Array): Promise<Buffer | undefined> {
  const file = sharp(bytes, { failOn: 'error' }).rotate().flatten().toColourspace('srgb').removeAlpha();
  return file
    .raw()
    .toBuffer()
    .catch(() => undefined);
}

const withSegment = (jpeg: Buffer, marker: number, content: Buffer): Buffer => {
  const head = Buffer.of(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
};
const orientation = (jpeg: Buffer, value: number): Promise<Buffer> =>
  sharp(jpeg).keepMetadata().withMetadata({ orientation: value }).jpeg().toBuffer();

describe('a plain JPEG has the same pixels as sharp gives it', () => {
  const kinds: Record<string, () => Promise<Buffer>> = {
    '4:4:4': () => image().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
    '4:2:0': () => image().jpeg({ chromaSubsampling: '4:2:0' }).toBuffer(),
    '4:2:0 of even sides': () => image(64, 48).jpeg().toBuffer(),
    'quality 100': () => image().jpeg({ quality: 100 }).toBuffer(),
    'quality 5': () => image().jpeg({ quality: 5 }).toBuffer(),
    grey: () => image().greyscale().jpeg().toBuffer(),
    'one pixel': () => image(1, 1).jpeg().toBuffer(),
    'one column': () => image(1, 70).jpeg().toBuffer(),
    'bytes behind its end': async () => Buffer.concat([await image().jpeg().toBuffer(), Buffer.from('12345')]),
    'a comment': async () => withSegment(await image().jpeg().toBuffer(), 0xfe, Buffer.from('hello')),
    'EXIF without an orientation': async () =>
      withSegment(await image().jpeg().toBuffer(), 0xe1, Buffer.from('Exif\0\0')),
  };

  it.each(Object.entries(kinds))('%s', async (_, make) => {
    const bytes = await make();
    const decoded = await small(bytes);
    expect(decoded).toBeDefined();
    expect(Buffer.from(decoded!.data).equals((await referee(bytes))!)).toBe(true);
  });
});

describe('sharp has every other file', () => {
  const kinds: Record<string, () => Promise<Buffer>> = {
    progressive: () => image().jpeg({ progressive: true }).toBuffer(),
    CMYK: () => image().toColourspace('cmyk').jpeg().toBuffer(),
    'a colour profile': () => image().withIccProfile('p3').jpeg().toBuffer(),
    'too many pixels for this decoder': () => image(640, 480).jpeg().toBuffer(),
    PNG: () => image().png().toBuffer(),
    nothing: async () => Buffer.alloc(0),
    'half of it': async () => (await image().jpeg().toBuffer()).subarray(0, 400),
    'no end': async () => (await image().jpeg().toBuffer()).subarray(0, -2),
    'a byte before a segment': async () => {
      const jpeg = await image().jpeg().toBuffer();
      const at = jpeg.indexOf(Buffer.of(0xff, 0xc4));
      return Buffer.concat([jpeg.subarray(0, at), Buffer.of(0), jpeg.subarray(at)]);
    },
    'two frames': async () => {
      const jpeg = await image().jpeg().toBuffer();
      const at = jpeg.indexOf(Buffer.of(0xff, 0xc0));
      return Buffer.concat([jpeg.subarray(0, at + 19), jpeg.subarray(at)]);
    },
    'a size beyond 32 bits': async () => {
      const jpeg = Buffer.from(await image().jpeg().toBuffer());
      const at = jpeg.indexOf(Buffer.of(0xff, 0xc0));
      jpeg.writeUInt16BE(41887, at + 5);
      jpeg.writeUInt16BE(34179, at + 7);
      return jpeg;
    },
  };

  it.each(Object.entries(kinds))('%s', async (_, make) => {
    expect(await small(await make())).toBeUndefined();
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('orientation %i', async (value) => {
    const bytes = await orientation(await image().jpeg().toBuffer(), value);
    expect(await small(bytes)).toBeUndefined();
    expect((await decodeImage(bytes, 1e6)).width).toBe(value < 5 ? 61 : 47);
  });

  it('more pixels than allowed', async () => {
    expect(await small(await image().jpeg().toBuffer(), 1000)).toBeUndefined();
  });
});

it('accepts no mutated file that sharp refuses, and decodes the next one right', async () => {
  const originals = [await image().jpeg().toBuffer(), await image().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()];
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let decoded = 0;
  for (let i = 0; i < 100; i++) {
    const bytes = Buffer.from(originals[i % 2]);
    for (let times = 1 + random(2); times > 0; times--) bytes[random(bytes.length)] = random(256);
    const found = await small(bytes);
    if (!found) continue;
    decoded++;
    expect(await referee(bytes), `mutant ${i} is decoded, and sharp refuses it`).toBeDefined();
  }
  expect(decoded).toBeGreaterThan(5);
  expect(Buffer.from((await small(originals[0]))!.data).equals((await referee(originals[0]))!)).toBe(true);
}, 60_000);
