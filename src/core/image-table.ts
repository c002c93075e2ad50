import type { CroppedImage, ImageState } from './records.js';
import { TextColumn } from './text-column.js';

/** Items by number, that need not lie in an array. */
export interface ListOf<T> {
  readonly length: number;
  at(i: number): T | undefined;
}

/** An image of a table, read where it lies. */
export type TableImage = Pick<
  CroppedImage,
  'id' | 'path' | 'identity' | 'sha256' | 'dhash' | 'width' | 'height' | 'slot' | 'state'
>;

const states: readonly ImageState[] = ['ok', 'no-face', 'unreadable', 'skipped'];

/**
 * Images (N) in columns: two hundred bytes each where objects take five hundred, and nothing that the garbage collector
 * must look at. `at` and iterators give views; a view's fields are read when they are asked for, so it must not be spread.
 */
export class ImageTable implements ListOf<TableImage> {
  readonly ids: Int32Array;
  readonly slots: Int32Array;
  /** In pixels; -1 = not known. */
  readonly widths: Int32Array;
  readonly heights: Int32Array;
  /** 64-bit difference hashes, (N, 2), the high word first. */
  readonly hashes: Uint32Array;
  private readonly state: Uint8Array;
  private readonly paths: TextColumn;
  private readonly contents: TextColumn;
  private names: readonly string[] = [];
  private nameOf: Int32Array;

  /** @param length images that will be added, N @param blockBytes of the buffers that texts lie in */
  private constructor(
    readonly length: number,
    blockBytes?: number,
  ) {
    [this.ids, this.slots, this.widths, this.heights, this.nameOf] = [0, 1, 2, 3, 4].map(() => new Int32Array(length));
    this.hashes = new Uint32Array(2 * length);
    this.state = new Uint8Array(length);
    this.paths = new TextColumn(length, blockBytes);
    this.contents = new TextColumn(length, blockBytes);
  }

  /** @param images N of them, one after another */
  static from(images: Iterable<TableImage>, length: number, blockBytes?: number): ImageTable {
    const table = new ImageTable(length, blockBytes);
    const numberOf = new Map<string, number>();
    let i = 0;
    for (const image of images) {
      [table.ids[i], table.slots[i]] = [image.id, image.slot];
      [table.widths[i], table.heights[i]] = [image.width ?? -1, image.height ?? -1];
      setHash(table.hashes, i, image.dhash);
      table.state[i] = states.indexOf(image.state);
      table.paths.push(image.path);
      table.contents.push(image.sha256);
      table.nameOf[i++] = numberIn(numberOf, image.identity);
    }
    table.names = [...numberOf.keys()];
    return table;
  }

  /** The same images under the names that `identityOf` gives them. */
  renamed(identityOf: (path: string) => string): ImageTable {
    const numberOf = new Map<string, number>();
    const nameOf = this.nameOf.map((_, i) => numberIn(numberOf, identityOf(this.path(i))));
    return Object.assign(Object.create(ImageTable.prototype), this, {
      ...{ nameOf, names: [...numberOf.keys()] },
    }) as ImageTable;
  }

  /** Names in order, and each image's place among them: its label. */
  labelled(): { identities: string[]; labels: Int32Array } {
    const identities = [...this.names].sort();
    const labelOf = new Map(identities.map((name, label) => [name, label]));
    return { identities, labels: this.nameOf.map((name) => labelOf.get(this.names[name])!) };
  }

  path(i: number): string {
    return this.paths.at(i);
  }

  identity(i: number): string {
    return this.names[this.nameOf[i]];
  }

  sha256(i: number): string {
    return this.contents.at(i);
  }

  dhash(i: number): string {
    return hex(this.hashes[2 * i]) + hex(this.hashes[2 * i + 1]);
  }

  stateOf(i: number): ImageState {
    return states[this.state[i]];
  }

  /** The order of two images by the hash of their bytes; 0 = equal bytes. */
  compareContents(a: number, b: number): number {
    return this.contents.compare(a, b);
  }

  at(i: number): TableImage | undefined {
    return i < this.length ? new ImageView(this, i) : undefined;
  }

  *[Symbol.iterator](): Generator<TableImage> {
    for (let i = 0; i < this.length; i++) yield new ImageView(this, i);
  }
}

class ImageView implements TableImage {
  constructor(
    private readonly table: ImageTable,
    private readonly i: number,
  ) {}

  get id(): number {
    return this.table.ids[this.i];
  }
  get slot(): number {
    return this.table.slots[this.i];
  }
  get path(): string {
    return this.table.path(this.i);
  }
  get identity(): string {
    return this.table.identity(this.i);
  }
  get sha256(): string {
    return this.table.sha256(this.i);
  }
  get dhash(): string {
    return this.table.dhash(this.i);
  }
  get width(): number | null {
    return known(this.table.widths[this.i]);
  }
  get height(): number | null {
    return known(this.table.heights[this.i]);
  }
  get state(): ImageState {
    return this.table.stateOf(this.i);
  }
}

/** Puts a difference hash, 16 hexadecimal digits, at its place in `hashes`, (N, 2), the high word first. */
export function setHash(hashes: Uint32Array, image: number, dhash: string): void {
  hashes[2 * image] = parseInt(dhash.slice(0, 8), 16);
  hashes[2 * image + 1] = parseInt(dhash.slice(8), 16);
}

const known = (pixels: number): number | null => (pixels < 0 ? null : pixels);
const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** The number of `name`, the next one where it has none yet. */
function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number !== undefined) return number;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}
