import type { DecisionName } from '../core/records.js';
import { nounFor } from '../core/text/quantity.js';
import type { GalleryKind } from './report.js';

export const counted = (count: number): string => Math.round(count).toLocaleString('en-US');
/** `1 image`, `12 images`. */
export const several = (count: number, one: string, more?: string): string =>
  `${counted(count)} ${nounFor(count, one, more)}`;
/** What is not quite everything is not called 100, and what is something is not called 0. */
function roundedPercent(share: number, digits: number): string {
  const text = (100 * share).toFixed(digits);
  const least = 10 ** -digits;
  if (share > 0 && Number(text) === 0) return `< ${least}`;
  return share < 1 && Number(text) === 100 ? `> ${100 - least}` : text;
}

export const percent = (share: number | null | undefined, digits = 1): string =>
  share === null || share === undefined ? '–' : `${roundedPercent(share, digits)} %`;
/** A share and the interval it lies in: `94.3 % (88.6 % to 97.1 %)`. */
export const withInterval = (share: number, { low, high }: { low: number; high: number }): string =>
  `${percent(share)} (${percent(low)} to ${percent(high)})`;
export const fraction = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined ? '–' : value.toFixed(digits).replace('-', '−');
export const degrees = (angle: number, digits = 0): string => `${angle.toFixed(digits)}°`;

/** `25 Nov 2026, 04:57 UTC`. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

export const duration = (seconds: number): string =>
  seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

export const decisionWords: Record<DecisionName, { name: string; means: string }> = {
  keep: { name: 'keep', means: 'the right person' },
  hard: { name: 'hard', means: 'the right person, an unusual image' },
  review: { name: 'review', means: 'uncertain: stays until a person says otherwise' },
  relabel: { name: 'relabel', means: 'another person of this set: goes to that name' },
  drop: { name: 'drop', means: 'another person, or no person of this set' },
  duplicate: { name: 'duplicate', means: 'a copy of an image that stays' },
};

/** What a gallery shows, and in which order. */
export const galleryWords: Record<GalleryKind, { title: string; about: string; order: string }> = {
  drop: {
    title: 'Dropped',
    about: 'Called another person, or an unknown one. Below each: typical faces of the name it was labelled as.',
    order: 'the least certain first',
  },
  relabel: {
    title: 'Relabelled',
    about: 'Called another person of this set. Below each: typical faces of the name it goes to.',
    order: 'the least certain first',
  },
  review: {
    title: 'To review',
    about: 'Uncertain: they stay until a person says otherwise. Below each: typical faces of its name.',
    order: 'the most suspicious first',
  },
  hard: {
    title: 'Hard',
    about: 'The right person, but an unusual image: kept, and listed. Below each: typical faces of its name.',
    order: 'the most unusual first',
  },
  duplicate: {
    title: 'Duplicates',
    about: 'Copies of an image that stays, which is shown below each.',
    order: 'by path',
  },
};

/** How much of a gallery is shown: `48 of 1,204 shown, spread evenly, the least certain first`. */
export function shownWords(shown: number, total: number, order: string): string {
  if (shown === 0 && total > 0) return `${several(total, 'image')}, none shown`;
  return shown === total
    ? `${several(total, 'image')}, ${order}`
    : `${counted(shown)} of ${counted(total)} shown, spread evenly, ${order}`;
}
