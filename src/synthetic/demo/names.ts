import { randomOf } from '../../core/random.js';

const first = ['Ansa', 'Boro', 'Celis', 'Dovi', 'Elka', 'Fenno', 'Gilda', 'Hamo', 'Isko', 'Jurra', 'Kesti', 'Lumo'];
const second = [
  'Arvel',
  'Brant',
  'Corvo',
  'Dassin',
  'Estor',
  'Falk',
  'Grevy',
  'Holm',
  'Irvane',
  'Joss',
  'Kolt',
  'Lind',
];

/** `count` invented names, no two alike, the same for the same seed. */
export function inventNames(count: number, seed: number): string[] {
  const all = first.flatMap((given) => second.map((family) => `${given} ${family}`));
  return randomOf(seed, 'names').shuffle(all).slice(0, count);
}
