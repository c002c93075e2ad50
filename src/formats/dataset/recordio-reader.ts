import { UNLABELLED } from '../../core/understood.js';
import { closeSync, existsSync, fstatSync, read } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { openRegular } from '../../core/regular-file.js';
import { endingOf, KIND_BYTES } from '../../images/image-name.js';
import { partsOf, stampOfFiles } from './find-files.js';
import type { Findings } from './findings.js';
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
import { checkShardNames, warnOfCount } from './shard-counts.js';
import { textLines } from './text-lines.js';

const ending = /\.rec$/i;

/**
 * MXNet's RecordIO, as insightface trains from: every record with an image counts, under its own label, so sets with
 * and without the header record, and of more records than its float32 ranges can name, are read alike. Several files are
 * the parts of one set.
 */
export const recordioReader: Reader = {
  name: 'recordio',
  recognise(path) {
    const parts = partsOf(path, ending);
    if (parts.length === 1) return `"${parts[0].file}" holds RecordIO records`;
    return parts.length > 1 ? `it holds ${parts.length} files of RecordIO records` : undefined;
  },
  open(path, _, findings) {
    const parts = partsOf(path, ending).map(({ file, name }) => ({ file: resolve(file), name }));
    findings.note('identity = the label of each record');
    if (parts.length > 1)
      findings.note(
        `${parts.length} files are read as one set (${parts.map(({ name }) => name).join(', ')}): name one to read it alone`,
      );
    return {
      stamp: () => stampOfFiles(parts.flatMap(({ file }) => [file, indexOf(file)])),
      async *entries() {
        checkShardNames(
          parts.map(({ name }) => name),
          findings,
        );
        for (const { file, name } of parts)
          yield* checked(
            file,
            findings,
            entriesOf(
              file,
              existsSync(indexOf(file)) ? indexOf(file) : undefined,
              parts.length > 1 ? `${name}/` : '',
              findings,
            ),
          );
      },
    };
  },
};

/** Counts the entries of a file, and warns where the list that it was made from has another number of lines. */
async function* checked(
  file: string,
  findings: Findings,
  entries: AsyncIterable<SourceEntry>,
): AsyncGenerator<SourceEntry> {
  let count = 0;
  for await (const entry of entries) {
    count++;
    yield entry;
  }
  const list = file.replace(ending, '.lst');
  if (!existsSync(list)) return;
  let lines = 0;
  for await (const line of textLines(list)) if (line.trim() !== '') lines++;
  warnOfCount(findings, file, count, { count: lines, said: list });
}

const indexOf = (file: string): string => file.replace(ending, '.idx');

interface Start {
  key: number;
  offset: number;
}

/**
 * The records of a file, in its order, called `prefix` and their keys. The index gives keys and helps over damage; what it
 * leaves out is read all the same.
 */
async function* entriesOf(
  file: string,
  index: string | undefined,
  prefix: string,
  findings: Findings,
): AsyncGenerator<SourceEntry> {
  const names = labelNamesBeside(file);
  const handle = openRegular(file);
  try {
    const { size } = fstatSync(handle);
    const starts = index === undefined ? [] : await readIndex(index);
    if (index !== undefined && starts.length === 0)
      findings.note(`"${index}" names no record and is not used: the records are read one after the other`);
    let next = starts.reduce((most, { key }) => Math.max(most, key + 1), 0);
    let offset: number | undefined = 0;
    let [unnamed, misplaced] = [0, 0];
    let before = -1;
    const read = (start: Start): ReturnType<typeof readRecord> => readRecord(handle, file, size, start, names, prefix);
    const upTo = async function* (end: number): AsyncGenerator<SourceEntry> {
      while (offset !== undefined && offset < Math.min(end, size)) {
        const start = { key: next++, offset };
        const { entry, end: after } = await read(start);
        if (starts.length > 0) unnamed++;
        if (entry) yield entry;
        offset = after;
      }
    };
    for (const start of starts) {
      if (start.offset === before) {
        yield namedAgain(start, prefix);
        continue;
      }
      yield* upTo(start.offset);
      if (start.offset >= size || (offset !== undefined && offset !== start.offset)) {
        misplaced++; // within a record that was read, or behind the end
        continue;
      }
      const { entry, end } = await read(start);
      if (entry) yield entry;
      before = start.offset;
      offset = end;
    }
    yield* upTo(size);
    if (unnamed + misplaced > 0)
      findings.warn(
        `"${index}" does not fit its file: it leaves out ${unnamed} records, which are read as well, and names ` +
          `${misplaced} places where no record starts`,
      );
  } finally {
    closeSync(handle);
  }
}

/** A record is one image: a second key for it is refused. */
const namedAgain = ({ key, offset }: Start, prefix: string): SourceEntry =>
  refusedEntry(`${prefix}${nameOf(key)}.rec`, `the index names the record at byte ${offset} twice`);

const nameOf = (key: number): string => String(key).padStart(9, '0');

/** Keys and offsets, in the order of the file, with a tab or blanks between. */
async function readIndex(index: string): Promise<Start[]> {
  const starts: Start[] = [];
  for await (const line of textLines(index)) {
    const [key, offset, ...more] = line
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (more.length === 0 && Number.isSafeInteger(key) && Number.isSafeInteger(offset) && offset >= 0)
      starts.push({ key, offset });
  }
  return starts.sort((a, b) => a.offset - b.offset);
}

/** The image of a record, if it has one, and where the record ends. Damage is an entry that says so. */
async function readRecord(
  handle: number,
  file: string,
  size: number,
  { key, offset }: Start,
  names: (label: unknown) => string,
  prefix: string,
): Promise<{ entry?: SourceEntry; end?: number }> {
  const name = `${prefix}${nameOf(key)}`;
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
    const start = await readAt(handle, image.offset, KIND_BYTES);
    const place = pieces ? { file, offset, length: end - offset, framing: 'recordio' as const } : { file, ...image };
    const path = `${name}.${endingOf(start)}`;
    const identity = names(head.label);
    if (identity === '') return { entry: refusedEntry(path, UNLABELLED), end };
    return { entry: { path, own: `${name}@${offset}.${endingOf(start)}`, identity, place }, end };
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
