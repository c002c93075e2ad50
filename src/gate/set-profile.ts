import { z } from 'zod';
import { angleDegreesOf } from '../core/angles.js';
import type { Config } from '../core/config.js';
import { settingOf } from '../core/setting-places.js';
import { type Decision, decisionNames } from '../core/records.js';

const share = z.number().min(0).max(1);

/** What a set looks like to the network and the rule that judged it: what drift is measured between. */
export const setProfileSchema = z.strictObject({
  images: z.number().int().min(1),
  identities: z.number().int().min(1),
  noiseRate: share,
  /** Shares of the images by what sift decided, before verdicts: reviewing a set does not make it drift. */
  decisions: z.strictObject(Object.fromEntries(decisionNames.map((name) => [name, share]))),
  /** Images by angle to their identity's dominant sub-centre, in whole degrees 0..180. */
  angles: z.array(z.number().int().min(0)).length(181),
  /** Settings that move the above whatever the images are. */
  settings: z.record(z.string(), z.unknown()),
});
export type SetProfile = z.infer<typeof setProfileSchema>;

const trainingKeys = [
  ...(['backbone', 'embeddingSize', 'loss', 'subcenters', 'imagesPerSubcenter', 'lossSettings', 'neck'] as const),
  ...(['epochs', 'batchSize', 'learningRate', 'classShare'] as const),
] as const;
const ruleKeys = ['rule', 'angle', 'dropAt', 'reviewAt', 'targetPrecision', 'targetRecall'] as const;

/** Settings by name, null where none is set. */
const told = (config: Config, names: readonly string[]): SetProfile['settings'] =>
  Object.fromEntries(names.map((name) => [name, settingOf(config, name) ?? null]));

/** @param crop how crops were cut @param training of the run that embedded @param sifting of the run that decided */
export const settingsOf = (crop: unknown, training: Config, sifting: Config): SetProfile['settings'] => ({
  crop,
  ...told(training, trainingKeys),
  ...told(sifting, ruleKeys),
});

export function profileOf(
  decisions: readonly Pick<Decision, 'decision' | 'evidence'>[],
  { identities, noiseRate, settings }: Pick<SetProfile, 'identities' | 'noiseRate' | 'settings'>,
): SetProfile {
  const angles = new Array<number>(181).fill(0);
  for (const { evidence } of decisions)
    if (evidence.cosDominant !== null) angles[Math.floor(angleDegreesOf(evidence.cosDominant))]++;
  const count = (name: string): number => decisions.filter(({ decision }) => decision === name).length;
  return {
    images: decisions.length,
    identities,
    noiseRate,
    decisions: Object.fromEntries(decisionNames.map((name) => [name, count(name) / decisions.length])),
    angles,
    settings,
  };
}
