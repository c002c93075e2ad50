import { closeSync, fsyncSync, ftruncateSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER, writeFully } from '../core/atomic-write.js';
import { cropBytes } from '../core/crop-geometry.js';
import { syncFolder } from '../core/durable.js';
import { FormatError } from '../core/errors.js';
import { makeFolder } from '../core/make-folder.js';
import { readFully } from '../core/read-fully.js';
import { explainSystemError } from '../core/system-errors.js';

/** All crops in one file of bytes: the crop in slot i lies at i * {@link cropBytes}. */
export class CropReader {
  private readonly handle: number;

  constructor(
    private readonly file: string,
    readonly size: number,
  ) {
    this.handle = openSync(file, 'r');
  }

  /** Copies the crop in `slot` into `target` at `offset`. @throws FormatError when the file ends before it does */
  readInto(slot: number, target: Uint8Array, offset = 0): void {
    const length = cropBytes(this.size);
    readFully(this.handle, slot * length, target.subarray(offset, offset + length), this.file);
  }

  close(): void {
    closeSync(this.handle);
  }
}

/** Appends crops from slot `slots` on; what an interrupted writer left behind that is cut off first. */
export class CropWriter {
  private readonly handle: number;
  private position: number;

  constructor(
    private readonly file: string,
    size: number,
    slots: number,
  ) {
    makeFolder(dirname(file), PRIVATE_FOLDER);
    this.handle = openSync(file, slots === 0 ? 'w' : 'r+', PRIVATE_FILE);
    this.position = slots * cropBytes(size);
    ftruncateSync(this.handle, this.position);
    syncFolder(dirname(file));
  }

  append(crop: Uint8Array): void {
    try {
      writeFully(this.handle, crop, this.position);
    } catch (error) {
      throw explainSystemError(error, { path: this.file });
    }
    this.position += crop.length;
  }

  /** Returns when everything appended is on the disk. */
  flush(): void {
    try {
      fsyncSync(this.handle);
    } catch (error) {
      throw explainSystemError(error, { path: this.file });
    }
  }

  close(): void {
    closeSync(this.handle);
  }
}

/** The first `count` crops of `file`, for whoever takes them one by one. */
export function cropSupply(file: string, size: number, count: number) {
  const crops = new CropReader(file, size);
  return {
    count,
    size,
    fill: (index: number, target: Uint8Array, offset: number): void => crops.readInto(index, target, offset),
    close: (): void => crops.close(),
  };
}

/** Crops copied at once. */
const BLOCK = 256;

/** @throws FormatError when `file` holds fewer than `count` crops */
export function requireCrops(file: string, size: number, count: number): void {
  const held = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (held >= count * cropBytes(size)) return;
  throw new FormatError(`"${file}" is cut short: it holds ${Math.floor(held / cropBytes(size))} of ${count} crops.`, [
    'Make the crops again: facesieve ingest SOURCE --force',
  ]);
}

/**
 * Writes the first `count` crops of `file` without those in the slots `gone` to `target`, whole or not at all; the others
 * move up. @throws FormatError when `file` is cut short
 */
export function copyCropsWithout(
  file: string,
  target: string,
  size: number,
  count: number,
  gone: ReadonlySet<number>,
): void {
  requireCrops(file, size, count);
  const partial = `${target}.partial`;
  const crops = new CropReader(file, size);
  const writer = new CropWriter(partial, size, 0);
  try {
    const block = new Uint8Array(BLOCK * cropBytes(size));
    let used = 0;
    const empty = (): void => {
      writer.append(block.subarray(0, used * cropBytes(size)));
      used = 0;
    };
    for (let slot = 0; slot < count; slot++) {
      if (gone.has(slot)) continue;
      crops.readInto(slot, block, used++ * cropBytes(size));
      if (used === BLOCK) empty();
    }
    empty();
    writer.flush();
  } finally {
    writer.close();
    crops.close();
  }
  renameSync(partial, target);
}
