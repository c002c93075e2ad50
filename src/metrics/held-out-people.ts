import { groupBy } from '../core/groups.js';
import { randomOf } from '../core/random.js';
import { UnionFind } from '../core/union-find.js';
import type { PairCandidate } from './make-pairs.js';

/** The three networks of a comparison: trained on the crawl as it was, on the purified set, and with as many images removed at random. */
export const armNames = ['before', 'after', 'random'] as const;
export type ArmName = (typeof armNames)[number];

/** An image of the crawl, and what cleaning made of it. */
export interface CleanedImage {
  /** Crop slot of the face that the crawl was trained on, and of the face that was chosen since. */
  foundSlot: number;
  slot: number;
  /** Its name as found. */
  found: string;
  /** That name after verdicts of people on names. */
  name: string;
  /** Its name in the purified set; null when it was left out. */
  final: string | null;
  /** Number of the photograph: copies have the same. */
  photograph: number;
}

/** Images that one network is trained on: crop slots and the class of each. */
export interface Arm {
  slots: Int32Array;
  labels: Int32Array;
  identities: string[];
}

/** What is trained on and what is tested when some people are held out. */
export interface PeopleFold {
  arms: Record<ArmName, Arm>;
  /** Images of held-out people: the same for every arm. */
  test: PairCandidate[];
  /** How many people are held out. */
  people: number;
}

/**
 * Divides people, not images, into `folds` parts and holds out one part after the other. No arm has an image that was
 * found under a held-out person or relabelled to one. Tested are images of held-out people that cleaning kept under the
 * name they were found under, and no copy of which is in an arm. People with fewer than two of those are in every arm.
 *
 * @returns the folds; none when there are too few people for two of them
 */
export function holdOutPeople(images: readonly CleanedImage[], folds: number, seed: number): PeopleFold[] {
  const personOf = peopleByName(images);
  const owned = images.map((image) => ({
    ...image,
    finder: personOf(image.found),
    owner: image.final === null ? null : personOf(image.final),
  }));
  const testable = owned.filter(({ finder, owner }) => finder === owner);
  const people = [...groupBy(testable, ({ owner }) => owner!)].flatMap(([person, { length }]) =>
    length < 2 ? [] : [person],
  );
  const shuffled = randomOf(seed, 'people held out').shuffle([...people].sort());
  const parts = Math.min(folds, Math.floor(shuffled.length / 2));
  if (parts < 2) return [];
  return Array.from({ length: parts }, (_, part) => {
    const heldOut = new Set(shuffled.filter((_, i) => i % parts === part));
    const isHeldOut = (person: string | null): boolean => person !== null && heldOut.has(person);
    const train = owned.filter(({ finder, owner }) => !isHeldOut(finder) && !isHeldOut(owner));
    const kept = train.filter(({ final }) => final !== null);
    const drawn = new Set(
      randomOf(seed, 'removed at random', part)
        .shuffle([...train])
        .slice(0, kept.length),
    );
    const trainedOn = new Set(train.map(({ photograph }) => photograph));
    return {
      arms: {
        before: armOf(train, asFound),
        after: armOf(kept, ({ slot, final }) => ({ slot, name: final! })),
        random: armOf(
          train.filter((image) => drawn.has(image)),
          asFound,
        ),
      },
      test: testable
        .filter(({ owner, photograph }) => isHeldOut(owner) && !trainedOn.has(photograph))
        .map(({ slot, owner }) => ({ index: slot, identity: owner!, heldOut: true })),
      people: heldOut.size,
    };
  });
}

/** The person behind each name: names that verdicts joined or divided are one, so that both halves are held out together. */
function peopleByName(images: readonly CleanedImage[]): (name: string) => string {
  const names = [...new Set(images.flatMap(({ found, name, final }) => [found, name, final ?? found]))].sort();
  const numberOf = new Map(names.map((name, number) => [name, number]));
  const joined = new UnionFind(names.length);
  for (const { found, name } of images) joined.join(numberOf.get(found)!, numberOf.get(name)!);
  return (name) => names[joined.find(numberOf.get(name)!).first];
}

interface Trained {
  slot: number;
  name: string;
}

const asFound = ({ foundSlot, found }: CleanedImage): Trained => ({ slot: foundSlot, name: found });

function armOf(images: readonly CleanedImage[], trainedAs: (image: CleanedImage) => Trained): Arm {
  const trained = images.map(trainedAs);
  const identities = [...new Set(trained.map(({ name }) => name))].sort();
  const labelOf = new Map(identities.map((identity, label) => [identity, label]));
  return {
    slots: Int32Array.from(trained, ({ slot }) => slot),
    labels: Int32Array.from(trained, ({ name }) => labelOf.get(name)!),
    identities,
  };
}
