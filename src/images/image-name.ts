const imageEnding = /\.(jpe?g|jpe|jfif|png|webp|avif|gif|tiff?|bmp|dib|pgm|ppm|pnm|heic|heif)$/i;

/** Is this file an image by its name? What is in it only decoding tells. */
export const isImageName = (file: string): boolean => imageEnding.test(file);

const beginnings: readonly (readonly [ending: string, at: number, bytes: string])[] = [
  ['jpg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG'],
  ['gif', 0, 'GIF8'],
  ['webp', 8, 'WEBP'],
  ['avif', 4, 'ftypavi'],
  ['tif', 0, 'II*\0'],
  ['tif', 0, 'MM\0*'],
  ['bmp', 0, 'BM'],
];

/** Forms whose beginning says more than fixed letters. */
const patterns: readonly (readonly [ending: string, beginning: RegExp])[] = [
  ['pgm', /^P[25]\s*[\d#]/],
  ['ppm', /^P[36]\s*[\d#]/],
  ['avif', /^.{4}ftyp(mif|msf).{5}(.{4})*?avi[fs]/s],
  ['heic', /^.{4}ftyp(hei|hev|mif|msf)/s],
];

/** Bytes from which {@link endingOf} tells the kind. */
export const KIND_BYTES = 32;

/** How a file with these first bytes (32 are enough) is usually called; `bin` when they are of no known image. */
export function endingOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(KIND_BYTES, bytes.length)).toString('latin1');
  return (
    beginnings.find(([, at, start]) => text.startsWith(start, at))?.[0] ??
    patterns.find(([, beginning]) => beginning.test(text))?.[0] ??
    'bin'
  );
}

/** Is this the beginning of an image, whatever its file is called? */
export const isImageBeginning = (bytes: Uint8Array): boolean => endingOf(bytes) !== 'bin';
