import { DecoderError, refuseTooLarge } from './decoder-error.js';
import type { RgbImage } from './encode.js';

const SPACE = /\s/;

/** Tokens of a PNM header from byte 2 on, comments left out, and where the pixels begin. */
function headerOf(bytes: Uint8Array, count: number): { values: number[]; at: number } {
  const values: number[] = [];
  let at = 2;
  while (values.length < count) {
    let token = '';
    for (; at < bytes.length; at++) {
      const letter = String.fromCharCode(bytes[at]);
      if (letter === '#') while (at < bytes.length && bytes[at] !== 10) at++;
      else if (SPACE.test(letter)) {
        if (token !== '') break;
      } else token += letter;
    }
    const value = Number(token);
    if (!Number.isSafeInteger(value) || value < 1) throw new DecoderError('its header is damaged');
    values.push(value);
  }
  return { values, at: at + 1 };
}

/**
 * The pixels of a PGM or PPM (`P2`, `P3`, `P5`, `P6`), with up to 16 bits a value.
 * @throws DecoderError when it is too large, damaged or cut short
 */
export function decodePnm(bytes: Uint8Array, maxPixels: number): RgbImage {
  const kind = bytes[1] - 48;
  const {
    values: [width, height, most],
    at,
  } = headerOf(bytes, 3);
  refuseTooLarge(width, height, maxPixels);
  if (most > 65535) throw new DecoderError('its header is damaged');
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const count = width * height * channels;
  const samples = kind < 4 ? textSamples(bytes, at, count) : rawSamples(bytes, at, count, most > 255);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = Math.round((255 * samples[channels * i + (channels === 3 ? c : 0)]) / most);
  return { data, width, height };
}

function rawSamples(bytes: Uint8Array, at: number, count: number, wide: boolean): Uint8Array | Uint16Array {
  if (bytes.length < at + count * (wide ? 2 : 1)) throw new DecoderError('its end is missing');
  if (!wide) return bytes.subarray(at, at + count);
  return Uint16Array.from({ length: count }, (_, i) => (bytes[at + 2 * i] << 8) | bytes[at + 2 * i + 1]);
}

function textSamples(bytes: Uint8Array, at: number, count: number): Uint16Array {
  const text = Buffer.from(bytes.subarray(at - 1))
    .toString('latin1')
    .replace(/#[^\n]*/g, ' ')
    .trim();
  const samples = text.split(/\s+/, count).map(Number);
  if (samples.length < count || samples.some((value) => !(value >= 0))) throw new DecoderError('its end is missing');
  return Uint16Array.from(samples);
}
