import { isAbsolute, relative, resolve, sep } from 'node:path';
import { FacesieveError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';
import type { ImageRow } from '../../core/records.js';
import { type Tombstone, readForgotten } from './tombstones.js';
import { everyImage } from '../images.js';
import { currentVerdicts } from '../verdicts.js';
import { chooseRun } from '../runs.js';
import { readDecisions } from '../decisions.js';
import { currentKey } from '../stage.js';
import { readFact, type Workspace } from '../workspace.js';

/** No image and no identity of the workspace is called so. */
export class UnknownNameError extends FacesieveError {}

/** What is to be forgotten. */
export interface Targets {
  identities: string[];
  /** Rows of the set and of the reference set, used or not. */
  images: ImageRow[];
  /** Of these, the ones that were not named but are the same file as one that was. */
  copies: string[];
  /** Other images that sift says show the same photograph. */
  alike: string[];
  /** Names that nothing is left of because they were forgotten before, with when and why. */
  already: string[];
}

/**
 * An identity means everything found under its name, and everything that was decided, by a person or by sift, to belong to it.
 * An image means the same file wherever else it lies.
 * @throws UnknownNameError when a name is and was nobody's
 */
export function resolveTargets(workspace: Workspace, names: readonly string[]): Targets {
  const images = everyImage(workspace);
  const belongs = new BelongingTo(workspace);
  const identities = new Set([...images.map(({ identity }) => identity), ...belongs.names]);
  identities.delete('');
  const byPath = new Map(images.map((image) => [image.path, image]));
  const source = readFact(workspace, 'source') ?? '';
  const targets = new Set<ImageRow>();
  const people = new Set<string>();
  const already: string[] = [];
  for (const name of names) {
    const image = pathsOf(name, source)
      .map((path) => byPath.get(path))
      .find(Boolean);
    if (image) targets.add(image);
    if (identities.has(name)) people.add(name);
    if (image || identities.has(name)) continue;
    const tombstone = tombstoneOf(workspace, name, source);
    if (!tombstone) throw unknownName(name, [...identities, ...byPath.keys()]);
    already.push(`${name}: ${tombstone.reason}`);
  }
  for (const image of images) if (people.has(image.identity) || belongs.to(image.path, people)) targets.add(image);

  const files = new Set([...targets].flatMap(({ sha256 }) => sha256 ?? []));
  const copies = images.filter((image) => !targets.has(image) && image.sha256 !== null && files.has(image.sha256));
  const all = images.filter((image) => targets.has(image) || copies.includes(image));
  const paths = new Set(all.map(({ path }) => path));
  return {
    identities: [...people],
    images: all,
    copies: copies.map(({ path }) => path),
    alike: belongs.alike(paths).filter((path) => byPath.has(path)),
    already,
  };
}

/** A path below the source, or any that leads there. */
export function pathsOf(name: string, source: string): string[] {
  const below = relative(source, resolve(name)).split(sep).join('/');
  return isAbsolute(name) ? [below] : [name, below];
}

function tombstoneOf(workspace: Workspace, name: string, source: string): Tombstone | undefined {
  const forgotten = readForgotten(workspace);
  return [name, ...pathsOf(name, source)].map((one) => forgotten.named(one, one)).find(Boolean);
}

const unknownName = (name: string, known: readonly string[]): UnknownNameError =>
  new UnknownNameError(
    `"${name}" is neither an identity nor an image of this workspace; nothing was forgotten.`,
    suggestName(name, known),
  );

/** Whom images were decided to belong to, and which show one photograph. */
class BelongingTo {
  private readonly target = new Map<string, string>();
  private readonly sameAs = new Map<string, string[]>();

  constructor(workspace: Workspace) {
    const run = currentKey(workspace, 'sift') === undefined ? undefined : chooseRun(workspace, undefined, 'sift');
    for (const { path, decision, suggestedIdentity, evidence } of run ? readDecisions(workspace, run.id) : []) {
      if (decision === 'relabel' && suggestedIdentity !== null) this.target.set(path, suggestedIdentity);
      if (evidence.sameAs)
        this.sameAs.set(
          path,
          evidence.sameAs.map((same) => same.path),
        );
    }
    for (const [path, { verdict, identity }] of currentVerdicts(workspace))
      if (verdict === 'relabel' && identity !== null) this.target.set(path, identity);
      else this.target.delete(path); // a person said otherwise
  }

  get names(): Iterable<string> {
    return this.target.values();
  }

  to(path: string, people: ReadonlySet<string>): boolean {
    const target = this.target.get(path);
    return target !== undefined && people.has(target);
  }

  /** Images outside of `paths` that show a photograph of one of them. */
  alike(paths: ReadonlySet<string>): string[] {
    const found = new Set<string>();
    for (const [path, others] of this.sameAs)
      for (const other of others) {
        if (paths.has(path) && !paths.has(other)) found.add(other);
        if (paths.has(other) && !paths.has(path)) found.add(path);
      }
    return [...found].sort();
  }
}
