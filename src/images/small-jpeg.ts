import { createRequire } from 'node:module';
// @ts-expect-error it comes without types
import codecOpener from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import type { RgbImage } from './encode.js';
import { type JpegSize, plainJpegSize } from './jpeg-header.js';

const CODEC = '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm';

/**
 * Pixels up to which this decoder is quicker than sharp: sharp costs more an image (about .7 ms of processor time), this
 * one more a pixel, since WebAssembly computes one value at a time.
 */
const MOST_PIXELS = 400 * 400;

interface JpegDecoder {
  /** Where the file's bytes are to be put. */
  getEncodedBuffer(length: number): Uint8Array;
  /** Throws a number at every error and every warning, and is of no use afterwards. */
  decode(): void;
  /** (height, width, 3), in memory of the decoder: what is decoded next lies there too. */
  getDecodedBuffer(): Uint8Array;
}

const openCodec = codecOpener as (from: {
  locateFile: () => string;
}) => Promise<{ JPEGDecoder: new () => JpegDecoder }>;

let decoder: Promise<JpegDecoder> | undefined;

/** @returns an open decoder; libjpeg-turbo in WebAssembly, in memory of its own, which hostile bytes cannot leave */
async function openDecoder(): Promise<JpegDecoder> {
  const codec = await openCodec({ locateFile: () => createRequire(import.meta.url).resolve(CODEC) });
  return new codec.JPEGDecoder();
}

/**
 * All of a small, plain JPEG, pixel for pixel as sharp decodes it. Undefined for what sharp has to judge: every other file,
 * and one at which the decoder so much as warns. @param fits whether an image of this size is wanted as it is
 */
export async function decodeSmallJpeg(
  bytes: Uint8Array,
  maxPixels: number,
  fits: (size: JpegSize) => boolean,
): Promise<RgbImage | undefined> {
  const size = plainJpegSize(bytes);
  if (!size || size.width * size.height > Math.min(MOST_PIXELS, maxPixels) || !fits(size)) return undefined;
  const opening = (decoder ??= openDecoder());
  const opened = await opening;
  if (opening !== decoder) return decodeSmallJpeg(bytes, maxPixels, fits); // it failed at another image meanwhile
  try {
    opened.getEncodedBuffer(bytes.length).set(bytes);
    opened.decode();
    return { data: opened.getDecodedBuffer().slice(), ...size };
  } catch {
    decoder = undefined; // an error leaves its stack in the decoder's memory, and would reach the heap in the end
    return undefined;
  }
}
