import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { armNames, type CleanedImage, holdOutPeople } from '../../src/metrics/held-out-people.js';

/** 12 people with 6 images each; of each, one was dropped, one relabelled to the next person, and one is in a photograph of the person after. */
function crawl(): CleanedImage[] {
  const nameOf = (person: number): string => `person ${person % 12}`;
  return Array.from({ length: 72 }, (_, slot) => {
    const [person, take] = [Math.floor(slot / 6), slot % 6];
    const found = nameOf(person);
    const final = take === 0 ? null : take === 1 ? nameOf(person + 1) : found;
    const photograph = take === 2 ? 6 * ((person + 2) % 12) + 3 : slot;
    return { slot: 2 * slot, foundSlot: 2 * slot + (take === 4 ? 1 : 0), found, name: found, final, photograph };
  });
}

describe('people who are held out', () => {
  const images = crawl();
  const folds = holdOutPeople(images, 5, 1);
  const bySlot = new Map(images.flatMap((image) => [[image.slot, image] as const, [image.foundSlot, image] as const]));
  const each = folds.flatMap(({ arms, test }) => armNames.map((arm) => ({ arm, ...arms[arm], test })));

  it('no image of a test pair, and no copy of one, is in any training', () => {
    expect(each).toHaveLength(15);
    for (const { slots, test } of each) {
      expect(test.length).toBeGreaterThan(0);
      const trained = new Set([...slots].map((slot) => bySlot.get(slot)!.photograph));
      expect(test.filter(({ index }) => trained.has(bySlot.get(index)!.photograph))).toEqual([]);
    }
  });

  it('no arm has an image that was found under a held-out person, or that was relabelled to one', () => {
    for (const { slots, test } of each) {
      const people = new Set(test.map(({ identity }) => identity));
      for (const slot of slots) {
        const { found, final } = bySlot.get(slot)!;
        expect([people.has(found), people.has(final ?? '')]).toEqual([false, false]);
      }
    }
  });

  it('are everybody, each in one fold, by the seed', () => {
    const held = folds.map(({ test }) => [...new Set(test.map(({ identity }) => identity))]);
    expect(held.flat().sort()).toEqual([...new Set(images.map(({ found }) => found))].sort());
    expect(folds.map(({ people }) => people)).toEqual([3, 3, 2, 2, 2]);
    expect(holdOutPeople(images, 5, 1)).toEqual(folds);
    expect(holdOutPeople(images, 5, 2)).not.toEqual(folds);
  });

  it('the three arms have the names and faces as found, as purified, and as found of as many images', () => {
    for (const { arms } of folds) {
      expect(arms.after.slots).toHaveLength(arms.random.slots.length);
      expect(arms.before.slots.length).toBeGreaterThan(arms.after.slots.length);
      expect([...arms.random.slots].filter((slot) => !arms.before.slots.includes(slot))).toEqual([]);
      for (const arm of armNames)
        arms[arm].slots.forEach((slot, i) => {
          const image = bySlot.get(slot)!;
          const label = arms[arm].identities[arms[arm].labels[i]];
          expect([slot, label]).toEqual(arm === 'after' ? [image.slot, image.final] : [image.foundSlot, image.found]);
        });
    }
  });

  it('two names that a person called one are held out together', () => {
    const merged = images.map((image) => (image.found === 'person 7' ? { ...image, name: 'person 3' } : image));
    for (const { arms, test } of holdOutPeople(merged, 5, 1)) {
      if (!test.some(({ identity }) => identity === 'person 3')) continue;
      for (const arm of armNames) expect(arms[arm].identities).not.toContain('person 7');
    }
  });

  it('there are no folds where fewer than four people can be tested', () => {
    const few = images.filter(({ slot }) => slot < 2 * 18);
    expect(holdOutPeople(few, 5, 1)).toEqual([]);
    const random = randomOf('shuffled');
    expect(holdOutPeople(random.shuffle([...images]), 5, 1)[0].people).toBe(3);
  });
});
