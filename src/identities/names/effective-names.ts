import { NameBuckets } from './name-buckets.js';
import { type GivenNameVerdict, type NameVerdict, nameVerdictMarks } from './name-verdicts.js';
import { isMost, type NamesAsked, NamesSince } from './names-since.js';

/** An image that a person gave to a name. `batch` says where that stands in the order of all verdicts. */
export interface NamedByPerson {
  path: string;
  identity: string;
  batch: number;
}

/**
 * What every name becomes. Verdicts on names are applied one after the other, each to the names as the ones before left
 * them. The rules:
 * - A name that was merged or renamed is an alias of what it became, until images have that name again.
 * - A verdict on a name that no image has and that is no alias changes nothing.
 * - Merging A into B and then B into A leaves one person, called A.
 * - An image that a person gave to a name (`relabel`) goes with that whole name when it is merged or renamed later, and no
 *   split or discovery moves it: a verdict on an image wins over one on a name.
 * - A discovery never joins two people: where its name is taken by then, its images are called NAME~2, NAME~3, ...
 * - Images that a verdict lists and that the set no longer has are ignored.
 */
export class EffectiveNames implements NamesAsked {
  private made: NameBuckets | undefined;
  private readonly marks: string[];
  private readonly alias = new Map<string, string>();
  /** Images by the name a person gave them to, and the name of each. */
  private readonly pinned = new Map<string, string[]>();
  private readonly pinOf = new Map<string, string>();
  /** Position of the last verdict that lists an image. */
  private readonly listed = new Map<string, number>();
  /** Whole names that got another one, in order. */
  private readonly moves: { at: number; from: string; to: string }[] = [];
  private apart: [string, string][] = [];
  private readonly onePerson = new Set<string>();
  /** Images that a person gave to somebody who has a name, each of them looked at. */
  private readonly assigned = new Set<string>();
  private readonly unrelated: ReadonlySet<string>[] = [];

  /**
   * @param images of the set, with the names they were found under
   * @param verdicts on names that hold, in order
   * @param given images that people gave to names
   */
  constructor(
    private readonly images: Iterable<{ path: string; identity: string }>,
    readonly verdicts: readonly GivenNameVerdict[],
    given: readonly NamedByPerson[] = [],
  ) {
    this.marks = nameVerdictMarks(verdicts);
    const pins = [...given].sort((a, b) => a.batch - b.batch);
    let next = 0;
    verdicts.forEach(({ verdict, batch }, at) => {
      for (; next < pins.length && pins[next].batch < batch; next++) this.pin(pins[next]);
      this.apply(verdict, at);
    });
    for (; next < pins.length; next++) this.pin(pins[next]);
  }

  /** Made when somebody asks: a set that nobody said anything of does without two entries an image. */
  private get buckets(): NameBuckets {
    return (this.made ??= new NameBuckets(this.images));
  }

  private pin({ path, identity }: NamedByPerson): void {
    this.pinTo(path, this.resolve(identity) ?? identity);
  }

  private pinTo(path: string, name: string): void {
    this.pinOf.set(path, name);
    this.pinned.set(name, [...(this.pinned.get(name) ?? []), path]);
  }

  private apply(verdict: NameVerdict, at: number): void {
    switch (verdict.kind) {
      case 'merge':
        return this.merge(verdict, at);
      case 'rename':
        return this.merge({ a: verdict.name, b: null, into: verdict.into }, at);
      case 'different':
        return this.keepApart([verdict.a, verdict.b]);
      case 'one-person': {
        const name = this.resolve(verdict.name);
        if (name !== undefined) this.onePerson.add(name);
        return;
      }
      case 'split':
        return this.split(verdict, at);
      case 'discover':
        if (verdict.name !== null)
          this.moveListed(
            verdict.images,
            freeName(verdict.name, (name) => this.has(name)),
            at,
          );
        return;
      case 'assign':
        return this.assign(verdict, at);
      case 'unrelated':
        this.unrelated.push(new Set(verdict.images));
    }
  }

  private assign({ name, images }: Extract<NameVerdict, { kind: 'assign' }>, at: number): void {
    const now = this.resolve(name);
    if (now === undefined) return;
    this.moveListed(images, now, at);
    for (const path of images) this.assigned.add(path);
  }

  private merge({ a, b, into }: { a: string | null; b: string | null; into: string | null }, at: number): void {
    if (into === null) return;
    for (const name of [a, b]) {
      const now = this.resolve(name);
      if (now !== undefined) this.callWhole(now, into, at);
      if (name !== null && name !== into) this.alias.set(name, into);
    }
    this.alias.delete(into);
    if (a !== null && b !== null) this.onePerson.delete(into);
  }

  /** Gives a whole name another one, and whatever was said of it. */
  private callWhole(from: string, to: string, at: number): void {
    if (from === to) return;
    this.buckets.rename(from, to, at);
    for (const path of this.pinned.get(from) ?? []) this.pinTo(path, to);
    this.pinned.delete(from);
    this.alias.set(from, to);
    this.moves.push({ at, from, to });
    if (this.onePerson.delete(from)) this.onePerson.add(to);
    const called = (name: string): string => (name === from ? to : name);
    this.apart = this.apart
      .map(([one, other]): [string, string] => [called(one), called(other)])
      .filter(([one, other]) => one !== other);
  }

  private split({ name, parts }: Extract<NameVerdict, { kind: 'split' }>, at: number): void {
    const now = this.resolve(name);
    if (now === undefined) return;
    const [first, ...others] = parts;
    const stays = first.name ?? now;
    if (stays !== now) this.callWhole(now, stays, at);
    for (const path of first.images) if (this.buckets.nameOf(path) === stays) this.listed.set(path, at);
    for (const part of others) if (part.name !== null) this.moveListed(part.images, part.name, at, stays);
    this.onePerson.delete(stays);
    this.keepApart([stays, ...others.map((part) => part.name)]);
  }

  private moveListed(images: readonly string[], name: string, at: number, from?: string): void {
    for (const path of images) if (from === undefined || this.buckets.nameOf(path) === from) this.listed.set(path, at);
    this.buckets.move(images, name, at, from);
    this.alias.delete(name);
  }

  private keepApart(names: readonly (string | null)[]): void {
    const now = [...new Set(names.flatMap((name) => this.resolve(name) ?? []))];
    now.forEach((one, i) => now.slice(i + 1).forEach((other) => this.apart.push([one, other])));
  }

  /** Whether images have this name, found or given. */
  has(name: string): boolean {
    return this.buckets.has(name) || (this.pinned.get(name)?.length ?? 0) > 0;
  }

  /** Names that images have, sorted. */
  all(): string[] {
    const given = [...this.pinned].flatMap(([name, paths]) => (paths.length > 0 ? name : []));
    return [...new Set([...this.buckets.all(), ...given])].sort();
  }

  /** What `name` is called now: itself, or what it was merged or renamed into; undefined where no image has such a name. */
  resolve(name: string | null): string | undefined {
    const seen = new Set<string>();
    for (let now = name ?? undefined; now !== undefined && !seen.has(now); now = this.alias.get(now)) {
      if (this.has(now)) return now;
      seen.add(now);
    }
    return undefined;
  }

  /** The name of an image by verdicts on names; whether the image stays under it is another matter. */
  nameOf(path: string): string {
    return this.buckets.nameOf(path) ?? '';
  }

  /** The verdicts on names that gave an image its name, in order. */
  verdictsOn(path: string): GivenNameVerdict[] {
    return this.buckets.historyOf(path).map((at) => this.verdicts[at]);
  }

  /** The name that a person gave this very image to, as it is called now. */
  givenTo(path: string): string | undefined {
    return this.pinOf.get(path);
  }

  /** Names as found whose images have this name now, sorted. */
  foundUnder(name: string): string[] {
    return this.buckets.foundUnder(name).sort();
  }

  /** Fingerprints of the verdicts, for work that depends on them; undefined without any. */
  get state(): string[] | undefined {
    return this.marks.length === 0 ? undefined : this.marks;
  }

  /** What these names were for work that knew the verdicts `known` (see {@link state}). */
  since(known: readonly string[] = []): NamesSince {
    const isPrefix = known.length <= this.marks.length && known.every((mark, i) => mark === this.marks[i]);
    return new NamesSince(this, isPrefix ? known.length : undefined, this.moves, this.listed);
  }

  /** Whether people said that these two are not one person. */
  areApart(a: string, b: string): boolean {
    return this.apart.some(([one, other]) => (one === a && other === b) || (one === b && other === a));
  }

  isOnePerson(name: string): boolean {
    return this.onePerson.has(name);
  }

  /** Whether a person gave this image to somebody who has a name: it stays under that, whatever is decided of it. */
  isAssigned(path: string): boolean {
    return this.assigned.has(path);
  }

  /** Whether a person said of most of these images that they are not one person. */
  areUnrelated(images: readonly string[]): boolean {
    return this.unrelated.some((said) => isMost(images, (path) => said.has(path)));
  }

  /** The name an image was found under. */
  foundName(path: string): string | undefined {
    return this.buckets.foundName(path);
  }
}

/** `name`, or NAME~2, NAME~3, ... where that is taken. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let number = 2; ; number++) if (!isTaken(`${name}~${number}`)) return `${name}~${number}`;
}
