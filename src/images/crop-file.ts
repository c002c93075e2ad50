import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER, writeFully } from '../core/atomic-write.js';
import { cropBytes } from '../core/crop-geometry.js';
import { syncFolder } from '../core/durable.js';
import { makeFolder } from '../core/make-folder.js';
import { readFully } from '../core/read-fully.js';
import { explainSystemError } from '../core/system-errors.js';

export { cropBytes };

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
