/** Sets that grow together, each member knowing whether it is mirrored against the set's first one. */
export class UnionFind {
  private readonly above: Int32Array;
  private readonly turned: Uint8Array;

  constructor(count: number) {
    this.above = Int32Array.from({ length: count }, (_, i) => i);
    this.turned = new Uint8Array(count);
  }

  /** The lowest member of the group of `i`, and whether `i` is mirrored against it. */
  find(i: number): { first: number; mirrored: boolean } {
    let mirrored = 0;
    let at = i;
    while (this.above[at] !== at) {
      mirrored ^= this.turned[at];
      at = this.above[at];
    }
    const first = at;
    for (at = i; this.above[at] !== at;) {
      const [next, turn] = [this.above[at], this.turned[at]];
      [this.above[at], this.turned[at]] = [first, mirrored];
      mirrored ^= turn;
      at = next;
    }
    return { first, mirrored: this.turned[i] === 1 };
  }

  together(a: number, b: number): boolean {
    return this.find(a).first === this.find(b).first;
  }

  /** @param mirrored a is the mirror image of b */
  join(a: number, b: number, mirrored = false): void {
    const [one, two] = [this.find(a), this.find(b)];
    if (one.first === two.first) return;
    const [low, high] = one.first < two.first ? [one.first, two.first] : [two.first, one.first];
    this.above[high] = low;
    this.turned[high] = Number((one.mirrored !== two.mirrored) !== mirrored);
  }

  /** The lowest member of every member's group. */
  numbers(): Int32Array {
    return this.above.map((_, i) => this.find(i).first);
  }

  mirroredFlags(): boolean[] {
    return Array.from(this.above, (_, i) => this.find(i).mirrored);
  }
}
