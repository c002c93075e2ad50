import type { IdentityProposals, MergeProposal, SplitProposal } from '../proposals.js';
import type { GivenNameVerdict } from './name-verdicts.js';

/** What is asked of the names of now: see EffectiveNames. */
export interface NamesAsked {
  readonly verdicts: readonly GivenNameVerdict[];
  resolve(name: string): string | undefined;
  nameOf(path: string): string;
  foundName(path: string): string | undefined;
  areApart(a: string, b: string): boolean;
  isOnePerson(name: string): boolean;
  areUnrelated(images: readonly string[]): boolean;
}

/** Names as work of an earlier time knew them: how to read what it says. */
export class NamesSince {
  /** @param position the first verdict that came later; undefined where one that was known then was taken back */
  constructor(
    private readonly names: NamesAsked,
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

  /**
   * How people answered whether these images are one person; null where nobody did. Answers to a cluster that was a little
   * different count where they are about most of the images.
   */
  answerToCluster(images: readonly string[]): 'one-person' | 'different' | null {
    if (isMost(images, (path) => this.isListed(path))) return 'one-person';
    return this.names.areUnrelated(images) ? 'different' : null;
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

/** Whether `holds` is true of more than half of the images. */
export const isMost = (images: readonly string[], holds: (path: string) => boolean): boolean =>
  2 * images.filter(holds).length > images.length;

function mostOf(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
