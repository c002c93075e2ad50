import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode.js';

const [width, height] = [5, 3];
/** Rows from the top, red green blue. */
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
const grey = pixels.map((_, i) => pixels[3 * Math.floor(i / 3)]);

const pnm = (kind: number, text: string, body: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from(`P${kind}\n# drawn\n${text}\n`), Buffer.from(body)]);
const first = (data: Uint8Array): Uint8Array => data.filter((_, i) => i % 3 === 0);

/** A BMP of `bits`, its rows from the bottom unless `topDown`. */
function bmp(bits: 8 | 16 | 24 | 32, topDown = false): Buffer {
  const palette = bits === 8 ? 256 * 4 : 0;
  const stride = 4 * Math.ceil((width * bits) / 32);
  const file = Buffer.alloc(54 + palette + stride * height);
  file.write('BM');
  file.writeUInt32LE(54 + palette, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -height : height, 22);
  file.writeUInt16LE(bits, 28);
  for (let i = 0; i < palette / 4; i++) file.fill(i, 54 + 4 * i, 54 + 4 * i + 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = 54 + palette + stride * (topDown ? y : height - 1 - y);
      const [r, g, b] = pixels.subarray(3 * (y * width + x));
      if (bits === 8) file[row + x] = r;
      else if (bits === 16) file.writeUInt16LE(((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3), row + 2 * x);
      else file.set([b, g, r], row + (bits / 8) * x);
    }
  return file;
}

describe('bitmaps that the library does not read', () => {
  it.each([
    ['PPM', pnm(6, `${width} ${height}\n255`, pixels), pixels],
    ['PGM', pnm(5, `${width} ${height} 255`, first(pixels)), grey],
    ['PPM in text', pnm(3, `${width} ${height}\n255`, [...pixels].join(' ')), pixels],
    [
      'PGM of 16 bits',
      pnm(
        5,
        `${width} ${height} 65535`,
        first(pixels).reduce((all, v) => Buffer.concat([all, Buffer.of(v, v)]), Buffer.of()),
      ),
      grey,
    ],
    ['BMP', bmp(24), pixels],
    ['BMP from the top', bmp(24, true), pixels],
    ['BMP of 32 bits', bmp(32), pixels],
    ['BMP with a palette', bmp(8), grey],
  ])('are decoded: %s', async (_, bytes, expected) => {
    const { image } = await decodeImage(bytes, 1000);
    expect([image.width, image.height]).toEqual([width, height]);
    expect([...image.data]).toEqual([...expected]);
  });

  it('are decoded in 16 bits as near as those tell', async () => {
    const { image } = await decodeImage(bmp(16), 1000);
    image.data.forEach((value, i) => expect(Math.abs(value - pixels[i])).toBeLessThanOrEqual(8));
  });

  it.each([
    ['a BMP that is cut short', bmp(24).subarray(0, 70), 1000, 'its end is missing'],
    ['a PGM that is cut short', pnm(5, `${width} ${height} 255`, 'ab'), 1000, 'its end is missing'],
    ['a PGM without sides', pnm(5, 'x y 255', ''), 1000, 'it is no image|its header is damaged'],
    ['a BMP that is too large', bmp(24), 10, '5 x 3 pixels, more than the 10 allowed'],
  ])('tell why they are not used: %s', async (_, bytes, most, reason) => {
    await expect(decodeImage(bytes, most)).rejects.toThrow(new RegExp(reason));
  });

  it('of other kinds are named, with what to do', async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(16)]);
    await expect(decodeImage(heic, 1000)).rejects.toThrow(
      /a HEIC image.*convert it to JPEG or PNG, for instance with ImageMagick/,
    );
  });
});
