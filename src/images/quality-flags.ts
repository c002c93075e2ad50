import type { CropFacts } from '../core/records.js';

/** What may be wrong with a picture, whoever is on it. Levels are grey levels of a crop, 0..255. */
const flags: Readonly<Record<string, (facts: CropFacts, size: number) => boolean>> = {
  blurred: ({ sharpness }) => sharpness < 30,
  dark: ({ brightness }) => brightness < 40,
  bright: ({ brightness }) => brightness > 215,
  flat: ({ contrast }) => contrast < 20,
  small: ({ face }, size) => face !== undefined && face.height < size / 2,
  turned: ({ face }) => face !== undefined && Math.abs(face.yaw) > 45,
  tilted: ({ face }) => face !== undefined && Math.abs(face.roll) > 45,
};

/** Beyond this share of a set, a flag says something of the set and nothing of an image. */
const PROPERTY_SHARE = 0.5;

export interface QualityFlags {
  /** Images by flag, where the flag is a finding. */
  findings: Record<string, number>;
  /** Flags that most images have: how the set is, or how it was cut. */
  properties: string[];
}

/** Counts flags over the crops of a set. */
export function countFlags(crops: Iterable<CropFacts>, size: number): QualityFlags {
  const counts = Object.fromEntries(Object.keys(flags).map((name) => [name, 0]));
  let total = 0;
  for (const facts of crops) {
    total++;
    for (const [name, fires] of Object.entries(flags)) if (fires(facts, size)) counts[name]++;
  }
  const isProperty = ([, count]: [string, number]): boolean => count > PROPERTY_SHARE * total;
  const entries = Object.entries(counts);
  return {
    findings: Object.fromEntries(entries.filter((entry) => !isProperty(entry))),
    properties: entries.filter(isProperty).map(([name]) => name),
  };
}
