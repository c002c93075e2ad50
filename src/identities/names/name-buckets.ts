/** Images that move together, and the name each such bucket has now. Renaming a name costs nothing per image. */
export class NameBuckets {
  private readonly names: string[] = [];
  private readonly sizes: number[] = [];
  /** Of each bucket: positions of the verdicts that named it. */
  private readonly histories: (readonly number[])[] = [];
  private readonly byName = new Map<string, number[]>();
  private readonly bucketOf = new Map<string, number>();
  private readonly found = new Map<string, number>();
  private readonly foundNames = new Map<string, string>();

  /** @param images of the set, with the names they were found under */
  constructor(images: Iterable<{ path: string; identity: string }>) {
    for (const { path, identity } of images) {
      let bucket = this.found.get(identity);
      if (bucket === undefined) {
        bucket = this.add(identity);
        this.found.set(identity, bucket);
      }
      this.bucketOf.set(path, bucket);
      this.foundNames.set(path, identity);
      this.sizes[bucket]++;
    }
  }

  private add(name: string, history: readonly number[] = []): number {
    this.histories.push(history);
    const bucket = this.names.push(name) - 1;
    this.sizes.push(0);
    this.byName.set(name, [...(this.byName.get(name) ?? []), bucket]);
    return bucket;
  }

  /** The name of an image of the set; undefined for any other path. */
  nameOf(path: string): string | undefined {
    const bucket = this.bucketOf.get(path);
    return bucket === undefined ? undefined : this.names[bucket];
  }

  /** The name an image was found under; undefined for a path that is none of the set's. */
  foundName(path: string): string | undefined {
    return this.foundNames.get(path);
  }

  /** Whether an image has this name. */
  has(name: string): boolean {
    return (this.byName.get(name) ?? []).some((bucket) => this.sizes[bucket] > 0);
  }

  /** Names that images have. */
  all(): string[] {
    return [...this.byName.keys()].filter((name) => this.has(name));
  }

  /** Names under which images of `name` were found and that did not go elsewhere since. */
  foundUnder(name: string): string[] {
    return [...this.found].filter(([, bucket]) => this.names[bucket] === name).map(([found]) => found);
  }

  /** Positions of the verdicts that gave an image its name, in order. */
  historyOf(path: string): readonly number[] {
    const bucket = this.bucketOf.get(path);
    return bucket === undefined ? [] : this.histories[bucket];
  }

  /** @param at position of the verdict that says so */
  rename(from: string, to: string, at: number): void {
    const buckets = this.byName.get(from);
    if (!buckets || from === to) return;
    for (const bucket of buckets) {
      this.names[bucket] = to;
      this.histories[bucket] = [...this.histories[bucket], at];
    }
    this.byName.delete(from);
    this.byName.set(to, [...(this.byName.get(to) ?? []), ...buckets]);
  }

  /** Gives images of the set to `name`; of those, images that have the name `from`, if one is named. */
  move(images: readonly string[], name: string, at: number, from?: string): void {
    const targets = new Map<number, number>(); // an image's bucket -> where those of it go
    for (const path of images) {
      const bucket = this.bucketOf.get(path);
      if (bucket === undefined || (from !== undefined && this.names[bucket] !== from)) continue;
      const target = targets.get(bucket) ?? this.add(name, [...this.histories[bucket], at]);
      targets.set(bucket, target);
      this.sizes[bucket]--;
      this.bucketOf.set(path, target);
      this.sizes[target]++;
    }
  }
}
