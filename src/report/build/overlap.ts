import type { CroppedImage } from '../../core/records.js';
import type { Report } from '../report.js';
import type { SiftResult } from '../../workspace/results.js';
import { TYPICAL } from './typical-faces.js';

/** What the set shares with the reference set, `most` images and people of it, each beside its counterpart. */
export function buildOverlap(
  { images, people }: NonNullable<SiftResult['overlap']>,
  typical: (identity: string) => string[],
  reference: readonly CroppedImage[],
  most: number,
): NonNullable<Report['overlap']> {
  const facesOf = (person: string): string[] =>
    reference
      .filter(({ identity }) => identity === person)
      .slice(0, TYPICAL)
      .map(({ path }) => path);
  return {
    images: images.length,
    people: people.length,
    shownImages: images.slice(0, most),
    shownPeople: people.slice(0, most).map(({ identity, reference: person, cosine }) => ({
      ...{ identity, reference: person, cosine },
      ...{ paths: typical(identity), referencePaths: facesOf(person) },
    })),
  };
}
