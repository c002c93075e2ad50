import { DecoderError } from './decoder-error.js';
import { isCutShort } from './cut-short.js';
import { endingOf } from './image-name.js';
import { imageSize } from './open-image.js';

/** A file that is no image which can be used; the message says why, and of nothing but this file. */
export class UndecodableError extends Error {}

/** Kinds that are decoded, by their usual ending. */
const decodable: Readonly<Record<string, string>> = {
  jpg: 'a JPEG',
  png: 'a PNG',
  gif: 'a GIF',
  webp: 'a WebP image',
  avif: 'an AVIF image',
  tif: 'a TIFF',
  bmp: 'a BMP',
  pgm: 'a PGM',
  ppm: 'a PPM',
};

/** Other kinds that lie in crawls, by how they begin. */
const others: readonly (readonly [name: string, beginning: RegExp])[] = [
  ['a HEIC image', /^.{4}ftyp(hei|hev|mif|msf)/s],
  ['a pointer of Git LFS (the file itself was not fetched: git lfs pull)', /^version https:\/\/git-lfs/],
  ['a film', /^(.{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI )/s],
  ['a JPEG XL image', /^(\xff\x0a|\0\0\0\x0cJXL )/],
  ['a JPEG 2000 image', /^\0\0\0\x0cjP/],
  ['an icon', /^\0\0[\x01\x02]\0/],
  ['a Photoshop file', /^8BPS/],
  ['a PDF', /^%PDF/],
  ['a zip archive', /^PK\x03\x04/],
  ['a gzip archive', /^\x1f\x8b/],
  ['a web page', /^\s*(<!--.*-->\s*)*<(!doctype )?html/is],
  ['a drawing (SVG)', /^\s*(<\?xml[^>]*>\s*)?(<!--.*-->\s*)*(<!doctype svg[^>]*>\s*)?<svg/is],
  ['nothing but zeros', /^\0+$/],
];

/** Photographs all the same. */
const convertible = new Set(['a HEIC image', 'a JPEG XL image', 'a JPEG 2000 image']);

/** As much of a file as tells its kind. */
const BEGINNING = 512;

/** The reason why bytes are not even tried: they are of no kind that can be decoded. Undefined when they are of one. */
export function whyNotTried(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'the file is empty';
  if (endingOf(bytes) in decodable) return undefined;
  const beginning = Buffer.from(bytes.subarray(0, BEGINNING)).toString('latin1');
  const name = others.find(([, pattern]) => pattern.test(beginning))?.[0];
  const advice = convertible.has(name ?? '')
    ? ': convert it to JPEG or PNG, for instance with ImageMagick (magick mogrify -format jpg FILE)'
    : '';
  return `it is ${name === undefined ? '' : `${name}, and `}no image of a kind that can be read here${advice}`;
}

/**
 * The reason why bytes could not be decoded, from these bytes alone. What the library says is of no use: it keeps one list
 * of messages for the whole process, and of several images that are decoded at once, each takes what is there.
 * @param error what the decoder threw: decoders of ours say themselves why
 */
export async function whyUndecodable(bytes: Uint8Array, maxPixels: number, error: unknown): Promise<string> {
  const ending = endingOf(bytes);
  if (error instanceof DecoderError)
    return error.message.startsWith('it ') ? error.message : `it is ${decodable[ending]}, and ${error.message}`;
  const size = await imageSize(bytes);
  if (size && size.width * size.height > maxPixels)
    return `it has ${size.width} x ${size.height} pixels, more than the ${maxPixels} allowed`;
  return `it is ${decodable[ending]} whose ${isCutShort(bytes, ending) ? 'end is missing' : 'data is damaged'}`;
}
