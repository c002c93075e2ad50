/** Bytes of one buffer. */
const BLOCK_BYTES = 2 ** 24;

/** Many texts in a few buffers: a string each costs 20 bytes more, and the time that the garbage collector looks at it. */
export class TextColumn {
  private readonly blocks: Buffer[] = [];
  private readonly blockOf: Uint32Array;
  private readonly starts: Uint32Array;
  private readonly lengths: Uint32Array;
  private count = 0;
  private used = 0;

  /** @param capacity texts that there will be */
  constructor(
    capacity: number,
    private readonly blockBytes = BLOCK_BYTES,
  ) {
    this.blockOf = new Uint32Array(capacity);
    this.starts = new Uint32Array(capacity);
    this.lengths = new Uint32Array(capacity);
  }

  push(text: string): void {
    const length = Buffer.byteLength(text);
    if (this.blocks.length === 0 || this.used + length > this.blocks[this.blocks.length - 1].length) {
      this.blocks.push(Buffer.allocUnsafeSlow(Math.max(this.blockBytes, length)));
      this.used = 0;
    }
    const block = this.blocks.length - 1;
    this.blocks[block].write(text, this.used);
    this.blockOf[this.count] = block;
    this.starts[this.count] = this.used;
    this.lengths[this.count++] = length;
    this.used += length;
  }

  at(i: number): string {
    return this.blocks[this.blockOf[i]].toString('utf8', this.starts[i], this.starts[i] + this.lengths[i]);
  }

  /** The order of two texts by their bytes; 0 = equal. */
  compare(a: number, b: number): number {
    const [one, two] = [this.starts[a], this.starts[b]];
    const other = this.blocks[this.blockOf[b]];
    return this.blocks[this.blockOf[a]].compare(other, two, two + this.lengths[b], one, one + this.lengths[a]);
  }
}
