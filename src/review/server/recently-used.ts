/** Values made once and kept until `most` others were used since. */
export class RecentlyUsed<V> {
  private readonly kept = new Map<string, Promise<V>>();

  constructor(private readonly most: number) {}

  get(key: string, make: () => Promise<V>): Promise<V> {
    const value = this.kept.get(key) ?? make();
    this.kept.delete(key);
    this.kept.set(key, value);
    value.catch(() => this.kept.delete(key));
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value!);
    return value;
  }
}
