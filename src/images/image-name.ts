const imageEnding = /\.(jpe?g|png|webp|avif|gif|tiff?|bmp)$/i;

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

/** How a file with these first bytes (12 are enough) is usually called; `bin` when they are of no known image. */
export function endingOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.length)).toString('latin1');
  return beginnings.find(([, at, start]) => text.startsWith(start, at))?.[0] ?? 'bin';
}
