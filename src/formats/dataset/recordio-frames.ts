/**
 * MXNet's RecordIO: each record is one or more pieces, each a magic word, a word of 3 bits (place of the piece) and 29
 * bits (its length), the payload, and padding to 4 bytes. Where the magic word stands in a payload, at a multiple of 4,
 * the payload is cut there and the word left out. A payload is a header, labels, and the image. All little-endian.
 */
const MAGIC = 0xced7230a;
const FRAME = 8;
const HEADER = 24;
const LENGTH_BITS = 29;

/** Most bytes of one piece: what 29 bits can say. */
export const MOST_BYTES = 2 ** LENGTH_BITS - 1;

const place = { whole: 0, first: 1, middle: 2, last: 3 } as const;

/** Bytes from which {@link readPieceHead} and {@link readRecordHead} tell what follows. */
export const HEAD_BYTES = FRAME + HEADER + 4;

export interface PieceHead {
  place: number;
  /** Bytes of payload. */
  length: number;
  /** Bytes of frame, payload and padding. */
  total: number;
}

/** @throws Error when no piece starts here */
export function readPieceHead(view: DataView, at: number): PieceHead {
  if (at + FRAME > view.byteLength || view.getUint32(at, true) !== MAGIC) throw new Error('no record starts here');
  const word = view.getUint32(at + 4, true);
  const length = word & MOST_BYTES;
  return { place: word >>> LENGTH_BITS, length, total: FRAME + 4 * Math.ceil(length / 4) };
}

export const startsLonger = ({ place: p }: PieceHead): boolean => p === place.first;
export const goesOn = ({ place: p }: PieceHead): boolean => p === place.middle;

export interface RecordHead {
  /** Number of labels that follow the header; 0 = the header's own label counts. */
  flag: number;
  label: number; // the header's, or the first of those that follow
  id: number;
  /** Bytes of header and labels, before the image. */
  length: number;
}

/** @param at where the payload starts */
export function readRecordHead(view: DataView, at: number): RecordHead {
  if (at + HEADER > view.byteLength) throw new Error('the record is too short for its header');
  const flag = view.getUint32(at, true);
  const own = view.getFloat32(at + 4, true);
  const label = flag > 0 && at + HEADER + 4 <= view.byteLength ? view.getFloat32(at + HEADER, true) : own;
  return { flag, label, id: Number(view.getBigUint64(at + 8, true)), length: HEADER + 4 * flag };
}

/** The image in the pieces of a whole record. @throws Error when they do not fit together */
export function joinRecord(record: Uint8Array): { head: RecordHead; image: Uint8Array } {
  const view = viewOf(record);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < record.length;) {
    const piece = readPieceHead(view, at);
    if (at + FRAME + piece.length > record.length) throw new Error('the record is cut short');
    if (parts.length > 0) parts.push(magicWord);
    parts.push(record.subarray(at + FRAME, at + FRAME + piece.length));
    at += piece.total;
    if (piece.place === place.whole || piece.place === place.last) break;
  }
  const payload = Buffer.concat(parts);
  const head = readRecordHead(viewOf(payload), 0);
  if (head.length > payload.length) throw new Error('the record names more labels than it holds');
  return { head, image: payload.subarray(head.length) };
}

/** A record of an image (or none) under `labels`: one stands in the header, more follow it. */
export function encodeRecord(id: number, labels: readonly number[], image: Uint8Array): Buffer {
  const several = labels.length > 1;
  const header = Buffer.alloc(HEADER + (several ? 4 * labels.length : 0));
  header.writeUInt32LE(several ? labels.length : 0, 0);
  header.writeFloatLE(several ? 0 : labels[0], 4);
  header.writeBigUInt64LE(BigInt(id), 8);
  if (several) labels.forEach((label, i) => header.writeFloatLE(label, HEADER + 4 * i));
  return frame(Buffer.concat([header, image]));
}

/** Cuts `payload` at every aligned magic word and frames the pieces. @throws RangeError above {@link MOST_BYTES} */
function frame(payload: Buffer): Buffer {
  if (payload.length > MOST_BYTES) throw new RangeError(`a record holds at most ${MOST_BYTES} bytes`);
  const parts: Buffer[] = [];
  let start = 0;
  let cut = false;
  for (let at = payload.indexOf(magicWord); at >= 0; at = payload.indexOf(magicWord, at + 1)) {
    if (at % 4 !== 0 || at < start) continue;
    parts.push(frameWord(cut ? place.middle : place.first, at - start), payload.subarray(start, at));
    start = at + 4;
    cut = true;
  }
  const rest = payload.subarray(start);
  const padding = Buffer.alloc((4 - (rest.length % 4)) % 4);
  return Buffer.concat([...parts, frameWord(cut ? place.last : place.whole, rest.length), rest, padding]);
}

function frameWord(where: number, length: number): Buffer {
  const words = Buffer.alloc(FRAME);
  words.writeUInt32LE(MAGIC, 0);
  words.writeUInt32LE(((where << LENGTH_BITS) | length) >>> 0, 4);
  return words;
}

const magicWord = Buffer.from([MAGIC & 255, (MAGIC >>> 8) & 255, (MAGIC >>> 16) & 255, MAGIC >>> 24]);

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
