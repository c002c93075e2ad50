import type { IdentityProposals, MergeProposal, SplitProposal } from '../proposals.js';
import { NameBuckets } from './name-buckets.js';
import { type GivenNameVerdict, type NameVerdict, nameVerdictMarks } from './name-verdicts.js';

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
 * - Images that a verdict lists and that the set no longer has are ignored.
 */
export class EffectiveNames {
  private readonly buckets: NameBuckets;
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

  /**
   * @param images of the set, with the names they were found under
   * @param verdicts on names that hold, in order
   * @param given images that people gave to names
   */
  constructor(
    images: readonly { path: string; identity: string }[],
    readonly verdicts: readonly GivenNameVerdict[],
    given: readonly NamedByPerson[] = [],
  ) {
    this.buckets = new NameBuckets(images);
    this.marks = nameVerdictMarks(verdicts);
    const pins = [...given].sort((a, b) => a.batch - b.batch);
    let next = 0;
    verdicts.forEach(({ verdict, batch }, at) => {
      for (; next < pins.length && pins[next].batch < batch; next++) this.pin(pins[next]);
      this.apply(verdict, at);
    });
    for (; next < pins.length; next++) this.pin(pins[next]);
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
        if (verdict.name !== null) this.moveListed(verdict.images, verdict.name, at);
    }
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

  /** The name an image was found under. */
  foundName(path: string): string | undefined {
    return this.buckets.foundName(path);
  }
}

/** Names as work of an earlier time knew them: how to read what it says. */
export class NamesSince {
  /** @param position the first verdict that came later; undefined where one that was known then was taken back */
  constructor(
    private readonly names: EffectiveNames,
    private readonly position: number | undefined,
    private readonly moves: readonly { at: number; from: string; to: string }[],
    private readonly listed: ReadonlyMap<string, number>,
  ) {}

  /** Whether verdicts on names were given or taken back since. */
  get changed(): boolean {
    return this.position !== this.names.verdicts.length;
  }

  /** Whether a verdict that was known then was taken back: decisions may be about names that are gone. */
  get tookBack(): boolean {
    return this.position === undefined;
  }

  private get nothingSaid(): boolean {
    return this.position === 0 && this.names.verdicts.length === 0;
  }

  /** What a name of that time is called now; undefined where there is no such name any more. */
  called(name: string): string | undefined {
    const later = this.position === undefined ? [] : this.moves.filter(({ at }) => at >= this.position!);
    let now = name;
    for (const { from, to } of later) if (now === from) now = to;
    return this.names.resolve(now);
  }

  /** Whether a verdict of a later time lists this image as somebody's. */
  isListed(path: string): boolean {
    const at = this.listed.get(path);
    return at !== undefined && at >= (this.position ?? 0);
  }

  /** How people answered a proposal to merge; null where nobody did. */
  answerToMerge({ a, b }: Pick<MergeProposal, 'a' | 'b'>): 'merged' | 'different' | 'gone' | null {
    if (this.nothingSaid) return null;
    const [one, other] = [this.called(a), this.called(b)];
    if (one === undefined || other === undefined) return 'gone';
    if (one === other) return 'merged';
    return this.names.areApart(one, other) ? 'different' : null;
  }

  /** How people answered a proposal to split; null where nobody did. */
  answerToSplit({
    identity,
    groups,
  }: Pick<SplitProposal, 'identity' | 'groups'>): 'split' | 'one-person' | 'gone' | null {
    if (this.nothingSaid) return null;
    const name = this.called(identity);
    if (name === undefined) return 'gone';
    const now = new Set(groups.flatMap(({ images }) => images.map((path) => this.names.nameOf(path))));
    now.delete('');
    if (now.size > 1) return 'split';
    if (this.names.isOnePerson(name)) return 'one-person';
    return this.wasMergedOf(groups) ? 'one-person' : null;
  }

  /** Whether a person put these very groups under one name: each was found under another. */
  private wasMergedOf(groups: SplitProposal['groups']): boolean {
    const found = groups.map(({ images }) => mostOf(images.map((path) => this.names.foundName(path))));
    return found.length > 1 && new Set(found).size === found.length;
  }

  /** Proposals that nobody has answered. */
  open({ merges, splits }: IdentityProposals): IdentityProposals {
    return {
      merges: merges.filter((merge) => this.answerToMerge(merge) === null),
      splits: splits.filter((split) => this.answerToSplit(split) === null),
    };
  }
}

function mostOf(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
