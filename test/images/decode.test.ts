import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cropBytes } from '../../src/core/crop-geometry.js';
import { decodeCrop } from '../../src/images/decode.js';
import { differenceHash } from '../../src/images/perceptual-hash.js';
import { hashDistance } from '../../src/metrics/set-overlap.js';
import { portrait } from '../helpers/tiny-crawl.js';

const geometry = { size: 16, share: 1, align: 'none' as const };
const source = async () => sharp(await portrait('A', 1)).resize(40, 60, { fit: 'fill' });

describe('every kind of image becomes (size, size, 3) bytes', () => {
  const kinds: Record<string, () => Promise<Buffer>> = {
    JPEG: async () => (await source()).jpeg().toBuffer(),
    'progressive JPEG': async () => (await source()).jpeg({ progressive: true }).toBuffer(),
    'grey JPEG': async () => (await source()).greyscale().jpeg().toBuffer(),
    'CMYK JPEG': async () => (await source()).toColourspace('cmyk').jpeg().toBuffer(),
    PNG: async () => (await source()).png().toBuffer(),
    'PNG of 16 bits': async () => (await source()).toColourspace('rgb16').png().toBuffer(),
    'PNG with a palette': async () => (await source()).png({ palette: true }).toBuffer(),
    'PNG with alpha': async () => (await source()).ensureAlpha(0.5).png().toBuffer(),
    'grey PNG with alpha': async () => (await source()).greyscale().ensureAlpha(0.5).png().toBuffer(),
    WebP: async () => (await source()).webp().toBuffer(),
    AVIF: async () => (await source()).avif().toBuffer(),
    'AVIF whose first brand is mif1': async () => {
      const bytes = await (await source()).avif().toBuffer();
      bytes.write('mif1', 8, 'latin1');
      return bytes;
    },
    GIF: async () => (await source()).gif().toBuffer(),
    TIFF: async () => (await source()).tiff().toBuffer(),
  };

  it.each(Object.entries(kinds))('%s', async (_, make) => {
    const { crop, width, height } = await decodeCrop(await make(), geometry, 1e6);
    expect([crop.length, width, height]).toEqual([cropBytes(16), 40, 60]);
  });

  it('upright, as EXIF says', async () => {
    const turned = await (await source()).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await decodeCrop(turned, geometry, 1e6)).toMatchObject({ width: 60, height: 40 });
  });

  it('from the middle, of the share asked for', async () => {
    const white = { create: { width: 100, height: 100, channels: 3 as const, background: '#fff' } };
    const black = await sharp({ create: { ...white.create, width: 50, height: 50, background: '#000' } })
      .png()
      .toBuffer();
    const framed = await sharp(white)
      .composite([{ input: black }])
      .png()
      .toBuffer();
    const cornerAt = async (share: number) => (await decodeCrop(framed, { ...geometry, share }, 1e6)).crop[0];
    expect(await cornerAt(0.5)).toBeLessThan(100); // a pixel of the crop is mixed of what lies round it, too
    expect(await cornerAt(1)).toBe(255);
  });
});

describe('what cannot be decoded is an error with the reason', () => {
  it.each([
    ['text', async () => Buffer.from('no image')],
    ['a truncated JPEG', async () => (await (await source()).jpeg().toBuffer()).subarray(0, 400)],
  ])('%s', async (_, make) => {
    await expect(decodeCrop(await make(), geometry, 1e6)).rejects.toThrow(/.+/);
  });

  it('more pixels than allowed', async () => {
    await expect(decodeCrop(await (await source()).png().toBuffer(), geometry, 1000)).rejects.toThrow(
      /40 x 60 pixels, more than the 1000 allowed/,
    );
  });
});

describe('the difference hash', () => {
  const hashOf = async (bytes: Buffer) =>
    differenceHash({
      data: (await decodeCrop(bytes, { ...geometry, size: 32 }, 1e6)).crop,
      width: 32,
      height: 32,
    });

  it('stays when a picture is saved anew, and tells pictures apart', async () => {
    const first = await portrait('A', 1);
    const again = await sharp(first).jpeg({ quality: 60 }).toBuffer();
    expect(hashDistance(await hashOf(first), await hashOf(again))).toBeLessThanOrEqual(6);
    expect(hashDistance(await hashOf(first), await hashOf(await portrait('B', 1)))).toBeGreaterThan(10);
  });

  it('counts the bits that differ', () => {
    expect(hashDistance('000000000000000f', '0000000000000001')).toBe(3);
  });
});
