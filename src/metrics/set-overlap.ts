import { groupBy } from '../core/groups.js';
import type { CroppedImage, Decision, Evidence } from '../core/records.js';
import type { MatrixIn, Space } from '../core/spaces.js';
import { personBar, sharedPeople } from './shared-people.js';
import { unitMeans } from '../core/unit-means.js';
import type { DatasetOf } from '../core/face-set.js';
import type { ListOf } from '../core/image-table.js';

type Pictured = Pick<CroppedImage, 'path' | 'sha256' | 'dhash'>;

/** What the set shares with the reference set. */
export interface Overlap {
  /** Images of the set that are in the reference set too, and under which path there. */
  images: { path: string; reference: string; same: 'file' | 'picture' }[];
  /** Identities of the set that are people of the reference set, the most alike first. */
  people: { identity: string; reference: string; cosine: number }[];
}

/**
 * Finds the same files, the same pictures saved anew (difference hashes at most `bits` apart), and the same people: a person
 * of the reference set whose mean embedding is as near to a class mean as the clean images of the class are, and nearer than
 * strangers come.
 *
 * @param reference (R, D) unit rows
 * @param classMeans (C, D) unit rows of the same space
 * @param evidence (N), with cosines of that space
 * @param pNoise (N), [0, 1]
 */
export function findOverlap<S extends Space>(
  dataset: Pick<DatasetOf<Iterable<Pictured>>, 'images' | 'identities' | 'reference'>,
  reference: MatrixIn<S>,
  classMeans: MatrixIn<S>,
  evidence: readonly Evidence[],
  pNoise: ArrayLike<number>,
  bits: number,
): Overlap {
  const clean = evidence.filter((_, i) => pNoise[i] < 0.25);
  const own = clean.flatMap(({ cosOwn }) => cosOwn ?? []);
  const rivals = clean.flatMap(({ rivalCos }) => rivalCos ?? []);
  const bar = personBar(own, rivals);
  const { names, rows } = rowsByIdentity(dataset.reference);
  const people = bar === null ? [] : sharedPeople(unitMeans(reference, rows), classMeans, bar);
  return {
    images: sharedImages(dataset.images, dataset.reference, bits),
    people: people.map(({ person, identity, cosine }) => ({
      ...{ identity: dataset.identities[identity], reference: names[person], cosine },
    })),
  };
}

function sharedImages(images: Iterable<Pictured>, reference: readonly CroppedImage[], bits: number): Overlap['images'] {
  const byHash = new Map(reference.map((image) => [image.sha256, image]));
  const byPicture = new Map(reference.map((image) => [image.dhash, image]));
  const shared: Overlap['images'] = [];
  for (const { path, sha256, dhash } of images) {
    const file = byHash.get(sha256);
    const alike = (): CroppedImage | undefined =>
      byPicture.get(dhash) ??
      (bits > 0 ? reference.find((other) => hashDistance(other.dhash, dhash) <= bits) : undefined);
    const found = file ?? alike();
    if (found) shared.push({ path, reference: found.path, same: file ? 'file' : 'picture' });
  }
  return shared;
}

function rowsByIdentity(reference: readonly CroppedImage[]): { names: string[]; rows: number[][] } {
  const rows = groupBy(
    reference,
    ({ identity }) => identity,
    (_, row) => row,
  );
  return { names: [...rows.keys()], rows: [...rows.values()] };
}

/** Drops what overlaps, with the reason. */
export function excludeOverlap(
  decisions: readonly Decision[],
  images: ListOf<{ identity: string }>,
  overlap: Overlap,
): Decision[] {
  const sharedImage = new Map(overlap.images.map((shared) => [shared.path, shared]));
  const sharedPerson = new Map(overlap.people.map((shared) => [shared.identity, shared.reference]));
  return decisions.map((decision, i) => {
    const image = sharedImage.get(decision.path);
    const { identity } = images.at(i)!;
    const person = sharedPerson.get(identity);
    if (!image && person === undefined) return decision;
    const reason = image
      ? `the same ${image.same} as ${image.reference}`
      : `${identity} is ${person} of the reference set`;
    return { ...decision, decision: 'drop', suggestedIdentity: null, reason };
  });
}

/** Number of bits in which two hashes differ, 0..64. */
export function hashDistance(a: string, b: string): number {
  let different = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let bits = 0;
  while (different > 0n) {
    bits += Number(different & 1n);
    different >>= 1n;
  }
  return bits;
}
