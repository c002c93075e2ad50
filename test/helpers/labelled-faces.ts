import { randomOf } from '../../src/core/random.js';

const DIMENSIONS = 32;
const PEOPLE = 20;
const EACH = 12;

/**
 * Features of 20 people, 12 images each, of lengths round 10. Every tenth image shows a stranger and every tenth another of
 * the people. @returns `wrong`: image -> whom it shows, null for a stranger
 */
export function labelledFaces(): { rows: number[][]; labels: string[]; wrong: Map<number, string | null> } {
  const random = randomOf('labelled-faces');
  const direction = (): number[] => Array.from({ length: DIMENSIONS }, () => random.normal());
  const people = Array.from({ length: PEOPLE }, direction);
  const nameOf = (person: number): string => `person ${String(person).padStart(2, '0')}`;
  const wrong = new Map<number, string | null>();
  const rows: number[][] = [];
  const labels: string[] = [];
  for (let i = 0; i < PEOPLE * EACH; i++) {
    const person = Math.floor(i / EACH);
    const shown = i % 10 === 7 ? (person + 1 + random.integer(PEOPLE - 1)) % PEOPLE : person;
    if (i % 10 === 3) wrong.set(i, null);
    if (i % 10 === 7) wrong.set(i, nameOf(shown));
    const centre = i % 10 === 3 ? direction() : people[shown];
    rows.push(centre.map((value) => (1 + 0.3 * random.uniform()) * (value + 0.35 * random.normal())));
    labels.push(nameOf(person));
  }
  return { rows, labels, wrong };
}
