import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER, writeFully } from '../core/atomic-write.js';
import { syncFolder } from '../core/durable.js';
import { quietly } from '../core/errors.js';
import { makeFolder } from '../core/make-folder.js';
import { explainSystemError } from '../core/system-errors.js';
import { HEAD_BYTES, type PartHead, type Section } from './part-head.js';

/** Bytes of rows that are written together. */
const PIECE = 1 << 20;

/** What the head of a part says besides its sections. */
type PartFacts = Omit<PartHead, 'format' | 'sections'>;

/**
 * Writes a part beside its place, and renames it when it is whole and on the disk: a part that is there is done. Two tasks may
 * write the same part at the same time, on one machine or two; the later rename wins, and both wrote the same values.
 */
export class PartWriter {
  private readonly temporary: string;
  private readonly handle: number;
  private position = HEAD_BYTES;
  private readonly sections: Section[] = [];
  private open: (Omit<Section, 'sha256'> & { hash: Hash }) | undefined;

  /** @throws SystemError */
  constructor(private readonly file: string) {
    this.temporary = `${file}.${hostname()}-${process.pid}.partial`;
    makeFolder(dirname(file), PRIVATE_FOLDER);
    this.handle = this.explained(() => openSync(this.temporary, 'w', PRIVATE_FILE));
  }

  /** Begins section `name`; the one before is ended. */
  begin(name: string): void {
    this.end();
    this.open = { name, rows: 0, bytes: 0, hash: createHash('sha256') };
  }

  /** Appends to the section that was begun. @param rows how many rows these bytes are */
  append(bytes: Uint8Array, rows: number): void {
    const section = this.open!;
    this.explained(() => writeFully(this.handle, bytes, this.position));
    section.hash.update(bytes);
    section.bytes += bytes.length;
    section.rows += rows;
    this.position += bytes.length;
  }

  /** Writes a section of values as JSON, one a line. */
  lines(name: string, values: Iterable<unknown>): void {
    this.begin(name);
    let text = '';
    let rows = 0;
    const flush = (): void => {
      this.append(Buffer.from(text), rows);
      [text, rows] = ['', 0];
    };
    for (const value of values) {
      text += `${JSON.stringify(value)}\n`;
      rows++;
      if (text.length >= PIECE) flush();
    }
    flush();
  }

  private end(): void {
    if (!this.open) return;
    const { hash, ...section } = this.open;
    this.sections.push({ ...section, sha256: hash.digest('hex') });
    this.open = undefined;
  }

  /** Puts the part in its place. What other tasks that were killed left of it is removed. */
  commit(head: PartFacts): void {
    this.end();
    this.explained(() => {
      const whole: PartHead = { format: 'facesieve part 1', ...head, sections: this.sections };
      writeFully(this.handle, Buffer.from(`${JSON.stringify(whole).padEnd(HEAD_BYTES - 1)}\n`), 0);
      fsyncSync(this.handle);
      closeSync(this.handle);
      renameSync(this.temporary, this.file);
      syncFolder(dirname(this.file));
    });
    quietly(() => {
      for (const name of readdirSync(dirname(this.file)))
        if (name.startsWith(`${basename(this.file)}.`)) rmSync(join(dirname(this.file), name), { force: true });
    });
  }

  /** Removes what was written. */
  abandon(): void {
    quietly(() => closeSync(this.handle));
    quietly(() => rmSync(this.temporary, { force: true }));
  }

  private explained<R>(work: () => R): R {
    try {
      return work();
    } catch (error) {
      throw explainSystemError(error, { path: this.file });
    }
  }
}

/** Writes a part by `write`, which returns its head; whole or not at all. */
export async function writePart(
  file: string,
  write: (part: PartWriter) => PartFacts | Promise<PartFacts>,
): Promise<void> {
  const part = new PartWriter(file);
  try {
    part.commit(await write(part));
  } catch (error) {
    part.abandon();
    throw error;
  }
}
