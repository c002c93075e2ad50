import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { explainWriteError } from '../core/atomic-write.js';

/** Bytes of one crop, (size, size, 3). */
export const cropBytes = (size: number): number => size * size * 3;

/** All crops in one file of bytes: the crop in slot i lies at i * {@link cropBytes}. */
export class CropReader {
  private readonly handle: number;

  constructor(
    file: string,
    readonly size: number,
  ) {
    this.handle = openSync(file, 'r');
  }

  /** Copies the crop in `slot` into `target` at `offset`. */
  readInto(slot: number, target: Uint8Array, offset = 0): void {
    const length = cropBytes(this.size);
    readSync(this.handle, target, offset, length, slot * length);
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
    mkdirSync(dirname(file), { recursive: true });
    this.handle = openSync(file, slots === 0 ? 'w' : 'r+');
    this.position = slots * cropBytes(size);
    ftruncateSync(this.handle, this.position);
  }

  append(crop: Uint8Array): void {
    try {
      for (let done = 0; done < crop.length;)
        done += writeSync(this.handle, crop, done, crop.length - done, this.position + done);
    } catch (error) {
      throw explainWriteError(error, this.file);
    }
    this.position += crop.length;
  }

  /** Returns when everything appended is on the disk. */
  flush(): void {
    fsyncSync(this.handle);
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
