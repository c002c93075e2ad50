import { existsSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../core/atomic-write.js';
import { FormatError, PathError } from '../core/errors.js';
import { readGivenText } from '../core/regular-file.js';
import { programVersion } from '../core/version.js';
import { type SetProfile, setProfileSchema } from './set-profile.js';

const baselineSchema = z.strictObject({
  kind: z.literal('facesieve baseline'),
  version: z.literal(1),
  /** Of the program that wrote it. */
  facesieve: z.string(),
  profile: setProfileSchema,
});
export type Baseline = z.infer<typeof baselineSchema>;

export function writeBaseline(file: string, profile: SetProfile): void {
  const baseline: Baseline = { kind: 'facesieve baseline', version: 1, facesieve: programVersion(), profile };
  writeAtomically(file, `${JSON.stringify(baseline)}\n`);
}

/** @throws PathError, FormatError */
export function readBaseline(file: string): Baseline {
  const write = `Write one with \`facesieve gate --write-baseline ${file}\` on a set that is as it should be.`;
  if (!existsSync(file)) throw new PathError(`There is no baseline "${file}".`, [write]);
  const text = readGivenText(file);
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch {
    throw new FormatError(`"${file}" is not a baseline of the gate.`, [write]);
  }
}
