/** Tells by the structure of a file's bytes whether its end is missing. */
type EndCheck = (bytes: DataView) => boolean;

const JPEG_SCAN = 0xda;
const JPEG_END = 0xd9;

/** Segments up to the first scan, then the mark of the end somewhere behind. Thumbnails in segments have their own. */
const jpeg: EndCheck = (view) => {
  for (let at = 2; at + 4 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return false; // no segment starts here: damaged
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++;
    else if (marker === JPEG_SCAN) return !endsBehind(view, at);
    else at += 2 + (marker >= 0xd0 && marker <= 0xd8 ? 0 : view.getUint16(at + 2));
  }
  return true;
};

function endsBehind(view: DataView, start: number): boolean {
  for (let at = view.byteLength - 2; at > start; at--)
    if (view.getUint8(at) === 0xff && view.getUint8(at + 1) === JPEG_END) return true;
  return false;
}

const PNG_END = 0x49454e44; // IEND

/** Chunks: a length, four letters, as many bytes, a checksum. */
const png: EndCheck = (view) => {
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at))
    if (view.getUint32(at + 4) === PNG_END) return false;
  return true;
};

const GIF_END = 0x3b;

/** The last byte that is not zero. */
const gif: EndCheck = (view) => {
  let last = view.byteLength - 1;
  while (last > 0 && view.getUint8(last) === 0) last--;
  return view.getUint8(last) !== GIF_END;
};

/** RIFF tells its length, without its own eight bytes. */
const webp: EndCheck = (view) => view.byteLength < 12 || view.getUint32(4, true) + 8 > view.byteLength;

/** Boxes: a length and four letters; 0 = to the end, 1 = the length follows in eight bytes. */
const avif: EndCheck = (view) => {
  for (let at = 0; at < view.byteLength;) {
    if (at + 16 > view.byteLength) return true;
    const short = view.getUint32(at);
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (length === 0) return false;
    if (length < 8) return false; // no box starts here: damaged
    at += length;
    if (at > view.byteLength) return true;
  }
  return false;
};

const STRIPS = [273, 324]; // where strips and tiles start
const MOST_ENTRIES = 4096;
const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };

/** The first directory, the values that its entries point to, and the places where strips start lie in the file. */
const tiff: EndCheck = (view) => {
  if (view.byteLength < 8) return true;
  const little = view.getUint8(0) === 0x49;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return true;
  const count = Math.min(MOST_ENTRIES, view.getUint16(directory, little));
  if (directory + 2 + 12 * count > view.byteLength) return true;
  for (let entry = 0, at = directory + 2; entry < count; entry++, at += 12) {
    const [size, values] = [SIZES[view.getUint16(at + 2, little)] ?? 1, view.getUint32(at + 4, little)];
    const last = view.getUint32(at + 8, little) + (size * values > 4 ? size * values : 0);
    const isPlace = size * values > 4 || (STRIPS.includes(view.getUint16(at, little)) && size === 4);
    if (isPlace && last > view.byteLength) return true;
  }
  return false;
};

const checks: Readonly<Record<string, EndCheck>> = { jpg: jpeg, png, gif, webp, avif, tif: tiff };

/** Whether the end of an image is missing. @param ending its kind, as image-name.ts calls it */
export const isCutShort = (bytes: Uint8Array, ending: string): boolean =>
  checks[ending]?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)) ?? false;
