import { closeSync, existsSync, fstatSync, read } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { openRegular } from '../../core/regular-file.js';
import { endingOf } from '../../images/image-name.js';
import { fileOf, filesOf, stampOfFiles } from './find-files.js';
import { labelNamesBeside } from './label-names.js';
import { type Reader, refusedEntry, type SourceEntry } from './reader.js';
import {
  goesOn,
  HEAD_BYTES,
  type PieceHead,
  readPieceHead,
  readRecordHead,
  startsLonger,
  viewOf,
} from './recordio-frames.js';
import { textLines } from './text-lines.js';

const recordsOf = (path: string): string | undefined =>
  fileOf(path, /\.rec$/i, 'train.rec') ?? filesOf(path, /\.rec$/i)[0];

/**
 * MXNet's RecordIO, as insightface trains from: every record with an image counts, under its own label, so sets with
 * and without the header record, and of more records than its float32 ranges can name, are read alike.
 */
export const recordioReader: Reader = {
  name: 'recordio',
  recognise(path) {
    const file = recordsOf(path);
    return file && `"${file}" holds RecordIO records`;
  },
  open(path) {
    const file = resolve(recordsOf(path)!);
    const index = file.replace(/\.rec$/i, '.idx');
    return {
      stamp: () => stampOfFiles([file, index]),
      entries: () => entriesOf(file, existsSync(index) ? index : undefined),
    };
  },
};

interface Start {
  key: number;
  offset: number;
}

async function* entriesOf(file: string, index: string | undefined): AsyncGenerator<SourceEntry> {
  const names = labelNamesBeside(file);
  const handle = openRegular(file);
  try {
    const { size } = fstatSync(handle);
    if (index) {
      let before = -1;
      for (const start of await readIndex(index)) {
        const { entry } =
          start.offset === before ? namedAgain(start) : await readRecord(handle, file, size, start, names);
        before = start.offset;
        if (entry) yield entry;
      }
      return;
    }
    for (let [key, offset] = [0, 0]; offset < size; key++) {
      const { entry, end } = await readRecord(handle, file, size, { key, offset }, names);
      if (entry) yield entry;
      if (end === undefined) return; // nothing says where the next one starts
      offset = end;
    }
  } finally {
    closeSync(handle);
  }
}

/** A record is one image: a second key for it is refused. */
const namedAgain = ({ key, offset }: Start): { entry: SourceEntry } => ({
  entry: refusedEntry(`${nameOf(key)}.rec`, `the index names the record at byte ${offset} twice`),
});

const nameOf = (key: number): string => String(key).padStart(9, '0');

/** Keys and offsets, in the order of the file. */
async function readIndex(index: string): Promise<Start[]> {
  const starts: Start[] = [];
  for await (const line of textLines(index)) {
    const [key, offset] = line.split('\t').map(Number);
    if (Number.isSafeInteger(key) && Number.isSafeInteger(offset) && offset >= 0) starts.push({ key, offset });
  }
  return starts.sort((a, b) => a.offset - b.offset);
}

/** The image of a record, if it has one, and where the record ends. Damage is an entry that says so. */
async function readRecord(
  handle: number,
  file: string,
  size: number,
  { key, offset }: Start,
  names: (label: number) => string,
): Promise<{ entry?: SourceEntry; end?: number }> {
  const name = nameOf(key);
  try {
    const bytes = await readAt(handle, offset, HEAD_BYTES + 64);
    const view = viewOf(bytes);
    const first = readPieceHead(view, 0);
    const head = readRecordHead(view, 8);
    const end = await endOf(handle, offset, first);
    if (end > size) throw new Error('the record is cut short');
    const pieces = startsLonger(first);
    if (!pieces && first.length <= head.length) return { end }; // the header record, or an identity's range
    const image = { offset: offset + 8 + head.length, length: first.length - head.length };
    const start = await readAt(handle, image.offset, 12);
    const place = pieces ? { file, offset, length: end - offset, framing: 'recordio' as const } : { file, ...image };
    return { entry: { path: `${name}.${endingOf(start)}`, identity: names(head.label), place }, end };
  } catch (error) {
    const reason = `the record at byte ${offset} is damaged: ${(error as Error).message}`;
    return { entry: refusedEntry(`${name}.rec`, reason, { state: 'unreadable' }) };
  }
}

/** Most pieces of a record: it is cut where four bytes happen to be the magic word, which hardly ever are. */
const MOST_PIECES = 1024;

/** Where the pieces that start at `offset` end. @throws Error */
async function endOf(handle: number, offset: number, first: PieceHead): Promise<number> {
  let end = offset + first.total;
  if (!startsLonger(first)) return end;
  for (let [more, pieces] = [true, 1]; more; pieces++) {
    if (pieces > MOST_PIECES) throw new Error(`it is cut into more than ${MOST_PIECES} pieces`);
    const piece = readPieceHead(viewOf(await readAt(handle, end, 8)), 0);
    more = goesOn(piece);
    end += piece.total;
  }
  return end;
}

const readBytes = promisify(read);

async function readAt(handle: number, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await readBytes(handle, bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
