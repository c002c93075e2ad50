import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readUpTo } from '../core/read-fully.js';
import { explainSystemError } from '../core/system-errors.js';
import { NotYetError, PartError } from './errors.js';
import { HEAD_BYTES, type PartHead, partHeadSchema, type PartName, partWords } from './part-head.js';

/** Bytes read at once. */
const PIECE = 1 << 22;

/** What a part must be: of which plan, which step and shard, and how many rows where that is known. */
export interface Expected extends PartName {
  plan: string;
  rows?: number;
}

/** Reads one part. What is read by `pieces` or `lines` to the end was compared with its checksum. */
export class PartReader {
  private constructor(
    private readonly file: string,
    private readonly handle: number,
    readonly head: PartHead,
  ) {}

  /**
   * Opens the part in `file` when it is whole and the one that is expected.
   * @throws NotYetError when there is none, PartError when it is cut short, of another plan, or has another number of rows
   */
  static open(file: string, expected: Expected): PartReader {
    const handle = openPart(file, expected);
    try {
      const head = headIn(handle, file, expected);
      refuseOther(head, expected, file);
      return new PartReader(file, handle, head);
    } catch (error) {
      closeSync(handle);
      throw error;
    }
  }

  /** Rows of section `name`. */
  rows = (name: string): number => this.section(name).rows;
  /** Bytes of section `name`. */
  bytes = (name: string): number => this.section(name).bytes;

  /** Fills `target` from byte `offset` of section `name`; not compared with the checksum. @throws PartError */
  readInto(name: string, offset: number, target: Uint8Array): void {
    if (readUpTo(this.handle, this.section(name).start + offset, target, this.file) < target.length)
      throw damaged(this.head, this.file, 'it is cut short');
  }

  /** The bytes of section `name`, each piece valid until the next is asked for. @throws PartError after the last, when they are not those that were written */
  *pieces(name: string): Generator<Uint8Array> {
    const { bytes, sha256 } = this.section(name);
    const hash = createHash('sha256');
    const buffer = new Uint8Array(Math.min(PIECE, bytes));
    for (let done = 0; done < bytes;) {
      const piece = buffer.subarray(0, Math.min(buffer.length, bytes - done));
      this.readInto(name, done, piece);
      hash.update(piece);
      yield piece;
      done += piece.length;
    }
    if (hash.digest('hex') !== sha256) throw damaged(this.head, this.file, `its section "${name}" is damaged`);
  }

  /** The values of section `name`. @throws PartError as {@link pieces}, and at a line that is no JSON */
  *lines(name: string): Generator<unknown> {
    let rest: Buffer = Buffer.alloc(0);
    for (const piece of this.pieces(name)) {
      const bytes = Buffer.concat([rest, piece]);
      let from = 0;
      for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
        yield this.parsed(bytes.toString('utf8', from, to));
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
  }

  close(): void {
    closeSync(this.handle);
  }

  private parsed(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch {
      throw damaged(this.head, this.file, 'a row is not JSON');
    }
  }

  private section(name: string): PartHead['sections'][number] & { start: number } {
    let start = HEAD_BYTES;
    for (const section of this.head.sections) {
      if (section.name === name) return { ...section, start };
      start += section.bytes;
    }
    throw damaged(this.head, this.file, `it has no section "${name}"`);
  }
}

/** Runs `work` on an open part, and closes it. */
export function readPart<R>(file: string, expected: Expected, work: (part: PartReader) => R): R {
  const part = PartReader.open(file, expected);
  try {
    return work(part);
  } finally {
    part.close();
  }
}

/** The part that is done, by its head and its length; undefined when there is none, or one that must be made again. */
export function donePart(file: string, expected: Expected): PartHead | undefined {
  try {
    return readPart(file, expected, ({ head }) => head);
  } catch (error) {
    if (error instanceof NotYetError || error instanceof PartError) return undefined;
    throw error;
  }
}

function openPart(file: string, expected: Expected): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explainSystemError(error, { path: file });
    throw new NotYetError(`The part "${partWords(expected)}" is not there yet: "${file}".`, [
      `facesieve shard run ${partWords(expected)} --exchange DIR makes it; facesieve shard status --exchange DIR names all that are missing.`,
    ]);
  }
}

function headIn(handle: number, file: string, expected: Expected): PartHead {
  const bytes = new Uint8Array(HEAD_BYTES);
  if (readUpTo(handle, 0, bytes, file) < HEAD_BYTES) throw damaged(expected, file, 'it is cut short');
  const parsed = partHeadSchema.safeParse(jsonOf(Buffer.from(bytes).toString('utf8')));
  if (!parsed.success) throw damaged(expected, file, 'its head is not one of a part');
  const length = parsed.data.sections.reduce((sum, section) => sum + section.bytes, HEAD_BYTES);
  const { size } = fstatSync(handle);
  if (size !== length) throw damaged(expected, file, `it is cut short: it has ${size} of ${length} bytes`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseOther(head: PartHead, expected: Expected, file: string): void {
  if (head.plan !== expected.plan) throw damaged(expected, file, `it belongs to another plan, ${head.plan}`);
  if (partWords(head) !== partWords(expected)) throw damaged(expected, file, `it is the part "${partWords(head)}"`);
  if (expected.rows !== undefined && head.rows !== expected.rows)
    throw damaged(expected, file, `it has ${head.rows} rows, and the plan counts ${expected.rows}`);
}

const damaged = (part: PartName, file: string, reason: string): PartError =>
  new PartError(`The part "${partWords(part)}" cannot be used: ${reason} ("${file}").`, [
    `Make it again: facesieve shard run ${partWords(part)} --exchange DIR --force`,
  ]);
