import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { explainWriteError } from '../core/atomic-write.js';
import { FormatError } from '../core/errors.js';

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

/** Crops copied at once. */
const BLOCK = 256;

/** @throws FormatError when `file` holds fewer than `count` crops */
export function requireCrops(file: string, size: number, count: number): void {
  const held = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (held >= count * cropBytes(size)) return;
  throw new FormatError(`"${file}" is cut short: it holds ${Math.floor(held / cropBytes(size))} of ${count} crops.`, [
    'Make the crops anew: facesieve ingest SOURCE --force',
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
