const END = 0xd9;
const SCAN = 0xda;
const RESTARTS = [0xd0, 0xd7] as const;
const START = 0xd8;
/** Baseline and extended, Huffman-coded. Of a progressive one with scans missing, decoders guess pixels each in its own way. */
const FRAMES = [0xc0, 0xc1];
/** Other kinds of frame: progressive, lossless, hierarchical, arithmetic-coded. */
const OTHER_FRAMES = [0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const EXIF_SEGMENT = 0xe1;
const PROFILE_SEGMENT = 0xe2;
/** The tag of the orientation and its type, in either order of bytes. */
const ORIENTATIONS = [Buffer.of(0x01, 0x12, 0x00, 0x03), Buffer.of(0x12, 0x01, 0x03, 0x00)];
/** Samples of the first component a sample of the others, across and down: 4:4:4, 4:2:0. */
const SAMPLINGS = [0x11, 0x22];

export interface JpegSize {
  width: number;
  height: number;
}

/**
 * The size of a JPEG whose pixels are what is stored, and nothing else has to be heeded: grey or colour of 8 bits in usual
 * sampling, no colour profile, no orientation, each segment where the one before it ends. Undefined for every other one.
 * Nothing is skipped here that a decoder reads: both see the same frame.
 */
export function plainJpegSize(bytes: Uint8Array): JpegSize | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < 4 || view[0] !== 0xff || view[1] !== START) return undefined;
  let size: JpegSize | undefined;
  for (let at = 2; at + 4 <= view.length;) {
    const marker = view[at + 1];
    if (view[at] !== 0xff) return undefined;
    if (marker === SCAN) return size;
    const length = view.readUInt16BE(at + 2);
    const segment = view.subarray(at + 4, at + 2 + length);
    if (hasNoLength(marker) || length < 2 || at + 2 + length > view.length) return undefined;
    if (OTHER_FRAMES.includes(marker) || tellsMore(marker, segment)) return undefined;
    if (FRAMES.includes(marker)) {
      if (size) return undefined;
      size = frameSize(segment);
      if (!size) return undefined;
    }
    at += 2 + length;
  }
  return undefined;
}

const hasNoLength = (marker: number): boolean =>
  marker <= 0x01 ||
  marker === 0xff ||
  (marker >= RESTARTS[0] && marker <= RESTARTS[1]) ||
  marker === START ||
  marker === END;

/** Whether a segment says how pixels are to be turned or what their colours mean. */
function tellsMore(marker: number, segment: Buffer): boolean {
  if (marker === PROFILE_SEGMENT) return segment.includes('ICC_PROFILE');
  return marker === EXIF_SEGMENT && ORIENTATIONS.some((tag) => segment.includes(tag));
}

/** Of a frame: bits, height, width, number of components, and of each its name, its sampling and its table. */
function frameSize(frame: Buffer): JpegSize | undefined {
  if (frame.length < 9 || frame[0] !== 8) return undefined;
  const components = frame[5];
  if (frame.length !== 6 + 3 * components) return undefined;
  const samplings = Array.from({ length: components }, (_, i) => frame[7 + 3 * i]);
  const usual =
    components === 1
      ? samplings[0] === 0x11
      : components === 3 && SAMPLINGS.includes(samplings[0]) && samplings[1] === 0x11 && samplings[2] === 0x11;
  const [height, width] = [frame.readUInt16BE(1), frame.readUInt16BE(3)];
  return usual && width > 0 && height > 0 ? { width, height } : undefined;
}
