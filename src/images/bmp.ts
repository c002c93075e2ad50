import { DecoderError, refuseTooLarge } from './decoder-error.js';
import type { RgbImage } from './encode.js';

interface Header {
  width: number;
  height: number;
  /** Rows from the top to the bottom. */
  topDown: boolean;
  bits: number;
  /** Which bits of a pixel are red, green, blue; of 16 and 32 bits. */
  masks: readonly number[];
  /** Colours of pixels that are numbers, as blue, green, red. */
  palette: number;
  paletteStep: number;
  pixels: number;
}

const RGB = 0;
const FIELDS = [3, 6];
const OLD_HEADER = 12;

/**
 * The pixels of a BMP of 1, 4, 8, 16, 24 or 32 bits, not run-length encoded.
 * @throws DecoderError when it is too large, damaged, cut short or of a kind that is not read
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): RgbImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 26) throw new DecoderError('its end is missing');
  const header = headerOf(view);
  const { width, height, topDown, bits, pixels } = header;
  if (!(width > 0 && height > 0)) throw new DecoderError('its header is damaged');
  refuseTooLarge(width, height, maxPixels);
  const stride = 4 * Math.ceil((width * bits) / 32);
  if (pixels + stride * height > bytes.length) throw new DecoderError('its end is missing');
  const colour = colourReader(view, header);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = pixels + stride * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) colour(row, x, data, 3 * (y * width + x));
  }
  return { data, width, height };
}

function headerOf(view: DataView): Header {
  const size = view.getUint32(14, true);
  const old = size === OLD_HEADER;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const packing = old ? RGB : view.getUint32(30, true);
  if (packing !== RGB && !FIELDS.includes(packing))
    throw new DecoderError('it is run-length encoded, which is not read');
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new DecoderError('its header is damaged');
  const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
  const masks = packing === RGB ? usual : [54, 58, 62].map((at) => view.getUint32(at, true));
  return {
    ...{ width, height: Math.abs(signed), topDown: signed < 0, bits, masks },
    ...{ palette: 14 + size, paletteStep: old ? 3 : 4, pixels: view.getUint32(10, true) },
  };
}

/** Puts the colour of pixel `x` of the row at `row` into `data` at `to`. */
function colourReader(
  view: DataView,
  { bits, masks, palette, paletteStep }: Header,
): (row: number, x: number, data: Uint8Array, to: number) => void {
  if (bits === 24)
    return (row, x, data, to) => {
      for (let c = 0; c < 3; c++) data[to + c] = view.getUint8(row + 3 * x + 2 - c);
    };
  if (bits < 16)
    return (row, x, data, to) => {
      const byte = view.getUint8(row + ((x * bits) >> 3));
      const number = (byte >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
      for (let c = 0; c < 3; c++) data[to + c] = view.getUint8(palette + paletteStep * number + 2 - c);
    };
  const shifts = masks.map((mask) => (mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)));
  const tops = masks.map((mask, c) => Math.max(1, mask >>> shifts[c]));
  return (row, x, data, to) => {
    const pixel = bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true);
    for (let c = 0; c < 3; c++) data[to + c] = Math.round((255 * ((pixel & masks[c]) >>> shifts[c])) / tops[c]);
  };
}
